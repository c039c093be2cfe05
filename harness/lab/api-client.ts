import { parse } from "yaml";
import { type Endpoint, loopbackFor } from "../cluster/endpoints.ts";
import {
  type CertificateIdentity,
  fromKubeconfig,
  type Identity,
  type KubeconfigContent,
} from "../identity/index.ts";
import type { Node } from "../node/node.ts";
import { readPlain } from "../probe/answers.ts";
import { https } from "../probe/http.ts";
import type { Exchange } from "../probe/outcome.ts";
import type { Target } from "../probe/tls.ts";
import { fromNode } from "../probe/vantage.ts";
import { EnvironmentError } from "../support/errors.ts";
import { Component } from "./component.ts";
import { holderOfCertificate } from "./credentials.ts";
import type { RunScope } from "./run-scope.ts";

/** A component that calls the API server with a kubeconfig: kubelet, scheduler, controller manager, kube-proxy. */
export class ApiClient extends Component {
  /** The kubeconfig that the live process was told to use. Read once in a run. */
  kubeconfig(): Promise<KubeconfigContent> {
    return this.scope.once(`kubeconfig of ${this.command} on ${this.node.name}`, () => this.kubeconfigNow());
  }

  /** The same as it is now: a kubelet's certificate rotates. */
  async kubeconfigNow(): Promise<KubeconfigContent> {
    return this.contentOf(await this.#kubeconfigPath());
  }

  /** Who it is to the API server, by that kubeconfig. */
  async identity(): Promise<Identity> {
    return (await this.kubeconfig()).identity;
  }

  /** The same, where the claim speaks of a certificate; an EnvironmentError where it uses none. */
  async certificate(): Promise<CertificateIdentity> {
    return holderOfCertificate(await this.identity(), `that of ${this.command} on ${this.node.name}`);
  }

  /** The file of --config, parsed; empty where it was started without. */
  protected async configFile<T extends object>(): Promise<Partial<T>> {
    const path = await this.argument("config");
    return path ? parse(await this.readFile(path)) : {};
  }

  protected contentOf(path: string): Promise<KubeconfigContent> {
    const read = (file: string) => this.readFile(file);
    return read(path).then((text) => fromKubeconfig(text, read));
  }

  /**
   * What the file of --config names, or the argument: kube-scheduler and kube-proxy ignore `--kubeconfig` once they are
   * given a configuration file (cmd/kube-scheduler/app/options/deprecated.go; cmd/kube-proxy/app/options.go). A kubelet's
   * configuration file has no such field.
   */
  async #kubeconfigPath(): Promise<string> {
    const [argument, { clientConnection }] = await Promise.all([
      this.argument("kubeconfig"),
      this.configFile<{ clientConnection: { kubeconfig?: string } }>(),
    ]);
    const path = clientConnection?.kubeconfig || argument;
    if (path) return path;
    const { args } = await this.process();
    throw new EnvironmentError(`The live ${this.command} on node ${this.node.name} has no kubeconfig.`, {
      expected: "an argument --kubeconfig, or clientConnection.kubeconfig in the file of --config",
      found: args.join(" "),
    });
  }
}

const USUAL_PORTS = { "kube-controller-manager": 10257, "kube-scheduler": 10259 } as const;

/** The part of a component's configuration (component-base/config/v1alpha1); its arguments have the last word. */
interface LeaderElection {
  leaderElect?: boolean;
  resourceNamespace?: string;
  resourceName?: string;
}

/** The scheduler or the controller manager: a client of the API server that has a secure port of its own. */
export class Controller extends ApiClient {
  declare readonly command: keyof typeof USUAL_PORTS;

  constructor(scope: RunScope, node: Node, command: keyof typeof USUAL_PORTS) {
    super(scope, node, command);
  }

  /** Who it is where it has tokens reviewed and rights looked up for its own port, by the kubeconfigs of those arguments. */
  async delegates(): Promise<{ argument: string; as: Identity }[]> {
    const named = ["authentication-kubeconfig", "authorization-kubeconfig"].map(async (argument) => {
      const path = await this.argument(argument);
      return path ? [{ argument, as: (await this.contentOf(path)).identity }] : [];
    });
    return (await Promise.all(named)).flat();
  }

  /** The Lease by which its instances choose a leader, and whether they were told to choose one. */
  async lease(): Promise<{ namespace: string; name: string; elects: boolean }> {
    const [elects, namespace, name, { leaderElection }] = await Promise.all([
      this.argument("leader-elect"),
      this.argument("leader-elect-resource-namespace"),
      this.argument("leader-elect-resource-name"),
      this.configFile<{ leaderElection: LeaderElection }>(),
    ]);
    return {
      elects: (elects ?? String(leaderElection?.leaderElect ?? true)) !== "false",
      namespace: namespace ?? leaderElection?.resourceNamespace ?? "kube-system",
      name: name ?? leaderElection?.resourceName ?? this.command,
    };
  }

  /** Where its secure port is reached from its own node, by its arguments. */
  async securePort(): Promise<Endpoint> {
    const [bound, port] = await Promise.all([this.argument("bind-address"), this.argument("secure-port")]);
    return { host: loopbackFor(bound ?? "0.0.0.0"), port: Number(port ?? USUAL_PORTS[this.command]) };
  }

  /** A GET on its secure port, from its own node. */
  async get(as: Identity, path: string, limits: Target["limits"] = {}): Promise<Exchange<string>> {
    return https(fromNode(this.node), { ...(await this.securePort()), limits }, as, { path }, readPlain);
  }
}
