import type { Endpoint } from "../cluster/endpoints.ts";
import { originOfArgument, originOfFile } from "../cluster/origin.ts";
import { byCertificate, type CertificateIdentity } from "../identity/index.ts";
import type { Node } from "../node/node.ts";
import { flag, flags, type Process, processOf, readFileOf } from "../node/processes.ts";
import { tcp } from "../probe/http.ts";
import { address } from "../probe/tls.ts";
import { fromHost, fromNode, type Vantage } from "../probe/vantage.ts";
import { EnvironmentError } from "../support/errors.ts";
import { until } from "../support/until.ts";
import type { RunScope } from "./run-scope.ts";

/** A file of CAs (PEM), and where the user's config brings it; undefined where kubeadm made it. */
export interface CaFile {
  pem: string;
  from: string | undefined;
}

/** One instance of a program of Kubernetes, on the node where it runs. */
export class Component {
  readonly node: Node;
  /** The file name of its program: `kube-apiserver`. */
  readonly command: string;
  protected readonly scope: RunScope;

  constructor(scope: RunScope, node: Node, command: string) {
    this.scope = scope;
    this.node = node;
    this.command = command;
  }

  /** Its live process. Waits for one: kube-proxy's pod starts when the node is Ready, and so do the first claims. */
  process(): Promise<Process> {
    return until(`${this.command} to run on node ${this.node.name}`, () =>
      processOf(this.node, this.command),
    );
  }

  /** The value of an argument of its live process; undefined where it was not given. */
  async argument(name: string): Promise<string | undefined> {
    return flag(await this.process(), name);
  }

  /** Every value of an argument that may be given more than once. */
  async argumentValues(name: string): Promise<string[]> {
    return flags(await this.process(), name);
  }

  /** The file that an argument names, as the process sees it: the file of a pod is in its own mount namespace. */
  async fileOf(argument: string): Promise<string> {
    const path = await this.argument(argument);
    if (path) return this.readFile(path);
    throw new EnvironmentError(
      `${this.command} on node ${this.node.name} was started without --${argument}.`,
    );
  }

  /** The certificate and key that two of its arguments name: `namedCertificate("etcd-certfile", "etcd-keyfile")`. */
  async namedCertificate(certArgument: string, keyArgument: string): Promise<CertificateIdentity> {
    const [certPem, keyPem] = await Promise.all([this.fileOf(certArgument), this.fileOf(keyArgument)]);
    return byCertificate({ certPem, keyPem });
  }

  /** The file of CAs that an argument names, and where the user's config brings it. */
  async caFile(argument: string): Promise<CaFile> {
    const { cluster } = this.scope;
    const [pem, path = ""] = await Promise.all([this.fileOf(argument), this.argument(argument)]);
    return { pem, from: originOfArgument(cluster, this.command, argument) ?? originOfFile(cluster, path) };
  }

  /** The text of a file as the live process sees it. */
  async readFile(path: string): Promise<string> {
    return readFileOf(this.node, await this.process(), path);
  }

  /**
   * The cheapest place from which one of its ports can be dialled: this machine, where it reaches the nodes' network (a
   * dial of a millisecond), and otherwise the node itself (a tenth of a second). For exchanges to which the caller's
   * address means nothing.
   */
  protected cheapestVantage(target: Endpoint): Promise<Vantage> {
    return this.scope.once(`cheapest vantage of ${address(target)}`, async () => {
      const { outcome } = await tcp(fromHost, target);
      return outcome.kind === "accepted" ? fromHost : fromNode(this.node);
    });
  }
}
