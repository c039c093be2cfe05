import type { V1NodeStatus } from "@kubernetes/client-node";
import { type Endpoint, loopbackFor } from "../cluster/endpoints.ts";
import { originOfArgument, originOfField, originOfFile } from "../cluster/origin.ts";
import { secondsOf } from "../config/duration.ts";
import { KubernetesVersion } from "../config/version.ts";
import { byCertificate, type Identity, type KubeconfigContent } from "../identity/index.ts";
import type { Node } from "../node/node.ts";
import { privateKeyIn } from "../pki/index.ts";
import { readPlain } from "../probe/answers.ts";
import { plainHttp } from "../probe/http.ts";
import { kubeletGet, kubeletRun } from "../probe/kubelet.ts";
import { kubeletExec } from "../probe/kubelet-exec.ts";
import { missingRight } from "../probe/kubelet-rights.ts";
import { type Exchange, mapAnswer } from "../probe/outcome.ts";
import type { ContainerName } from "../probe/pod-streams.ts";
import { forbiddenByKubelet, invalid, type Refusal } from "../probe/refusals.ts";
import { servedCertificate } from "../probe/served-certificate.ts";
import type { Target } from "../probe/tls.ts";
import { fromNode } from "../probe/vantage.ts";
import { EnvironmentError } from "../support/errors.ts";
import { ApiClient } from "./api-client.ts";
import type { CaFile } from "./component.ts";
import { kubeletServingCa } from "./controller-manager.ts";
import type { RunScope } from "./run-scope.ts";
import { refusesTls12 } from "./tls-settings.ts";

/** The kubelet's configuration, as far as claims follow it (kubelet.config.k8s.io/v1beta1). */
export interface KubeletConfiguration {
  healthzBindAddress?: string;
  /** 0: none. */
  healthzPort?: number;
  /** 0: none. */
  readOnlyPort?: number;
  /** `VersionTLS13`; Go's own minimum unless given. */
  tlsMinVersion?: string;
  tlsCipherSuites?: string[];
  tlsCertFile?: string;
  serverTLSBootstrap?: boolean;
  enableDebuggingHandlers?: boolean;
  rotateCertificates?: boolean;
  authentication?: { x509?: { clientCAFile?: string } };
  authorization?: { mode?: string; webhook?: { cacheAuthorizedTTL?: string } };
}

/** Where the kubelet serves without authentication once `readOnlyPort` says so (cmd/kubelet, --read-only-port). */
const USUAL_READ_ONLY_PORT = 10255;

/** The answer of /configz. */
interface Configz {
  kubeletconfig: KubeletConfiguration;
}

/** The paths that the kubelet serves to nobody once `enableDebuggingHandlers` is false (pkg/kubelet/server/server.go). */
const DEBUGGING = /^\/(run|exec|attach|portForward|containerLogs|runningpods|debug\/pprof|logs)\b/;

/** How it answers on them: before it looks who asks. */
const debuggingDisabled = invalid(405, /^Debug endpoints are disabled/);

/** The kubelet of one node: a client of the API server, and a server of its own on port 10250. */
export class Kubelet extends ApiClient {
  constructor(scope: RunScope, node: Node) {
    super(scope, node, "kubelet");
  }

  /**
   * Its kubeconfig, with the certificate that it really shows: where it rotates that, the newest one in a directory of its own
   * counts, whatever the kubeconfig names (client-go, util/certificate/certificate_store.go, Current).
   */
  override async kubeconfigNow(): Promise<KubeconfigContent> {
    const [content, argument, { rotateCertificates }] = await Promise.all([
      super.kubeconfigNow(),
      this.argument("rotate-certificates"),
      this.configuration(),
    ]);
    if ((argument ?? String(rotateCertificates ?? false)) !== "true") return content;
    const directory = (await this.argument("cert-dir")) ?? "/var/lib/kubelet/pki";
    const pem = await this.readFile(`${directory}/kubelet-client-current.pem`);
    const identity = byCertificate({ certPem: pem, keyPem: privateKeyIn(pem) });
    return { ...content, identity, secretIn: "file" };
  }

  /** Where it listens, by its node's own status. */
  async endpoint(): Promise<Endpoint> {
    const { daemonEndpoints } = await this.#status();
    return { host: this.node.address, port: daemonEndpoints?.kubeletEndpoint?.Port ?? 10250 };
  }

  /** Its own version, by its node's own status: a kubelet may be older than its API server. */
  async version(): Promise<KubernetesVersion> {
    const { nodeInfo } = await this.#status();
    return new KubernetesVersion(nodeInfo?.kubeletVersion ?? "");
  }

  /** The configuration in force, as it tells the administrator. */
  configuration(): Promise<KubeletConfiguration> {
    return this.scope.once(`configuration of kubelet ${this.node.name}`, async () => {
      const { outcome, to } = await this.configz(await this.scope.administrator());
      if (outcome.kind === "accepted") return outcome.data;
      throw new EnvironmentError(`The kubelet of node ${this.node.name} does not tell its configuration.`, {
        where: `${to}/configz`,
        expected: "HTTP 200",
        found: outcome.reason,
      });
    });
  }

  /** The CAs by which it knows its callers; undefined where it was given none. */
  async clientCas(): Promise<CaFile | undefined> {
    const path = (await this.configuration()).authentication?.x509?.clientCAFile;
    if (!path) return undefined;
    const { cluster } = this.scope;
    const set =
      originOfArgument(cluster, "kubelet", "client-ca-file") ??
      originOfField(cluster, "KubeletConfiguration.authentication.x509.clientCAFile");
    return { pem: await this.readFile(path), from: set ?? originOfFile(cluster, path) };
  }

  /** Where it tells its health in the clear, as seen from its node; undefined where `healthzPort` is 0. */
  async health(): Promise<Endpoint | undefined> {
    const { healthzBindAddress = "127.0.0.1", healthzPort = 10248 } = await this.configuration();
    return healthzPort === 0 ? undefined : { host: loopbackFor(healthzBindAddress), port: healthzPort };
  }

  /** The port on which it would serve everybody in the clear; undefined where its API took that place. */
  async readOnlyPort(): Promise<number | undefined> {
    const [{ readOnlyPort }, { port }] = await Promise.all([this.configuration(), this.endpoint()]);
    const where = readOnlyPort || USUAL_READ_ONLY_PORT;
    return port === where ? undefined : where;
  }

  /** For how many seconds it remembers that a user may do something. */
  async remembersFor(): Promise<number> {
    const { authorization } = await this.configuration();
    return secondsOf(authorization?.webhook?.cacheAuthorizedTTL ?? "5m");
  }

  /** How it refuses a client that speaks TLS 1.2 at most; undefined where it serves it. */
  async refusesTls12(): Promise<Refusal | undefined> {
    const { tlsMinVersion: minVersion, tlsCipherSuites: cipherSuites } = await this.configuration();
    const target = await this.endpoint();
    const { outcome } = await servedCertificate(await this.cheapestVantage(target), target);
    if (outcome.kind === "accepted") return refusesTls12({ minVersion, cipherSuites }, outcome.data);
    throw new EnvironmentError(`The kubelet of node ${this.node.name} shows no certificate.`, {
      expected: "a TLS handshake",
      found: outcome.reason,
    });
  }

  /**
   * How it refuses somebody who lacks the right to a path of its API; `user` is the one whom it names. A command over a
   * WebSocket takes `get`, by POST `create`.
   */
  async forbids(verb: "get" | "create", path: string, user?: string): Promise<Refusal> {
    const { enableDebuggingHandlers } = await this.configuration();
    if (enableDebuggingHandlers === false && DEBUGGING.test(path)) return debuggingDisabled;
    return forbiddenByKubelet(missingRight(await this.version(), verb, path, user));
  }

  /** GETs a path of its API; `how` limits TLS versions, or says what to judge its certificate by. */
  async get(as: Identity, path: string, how: Partial<Target> = {}): Promise<Exchange<string>> {
    const target = { ...(await this.endpoint()), ...how };
    return kubeletGet(await this.cheapestVantage(target), target, as, path);
  }

  /** Asks it for the configuration in force (/configz). */
  async configz(as: Identity): Promise<Exchange<KubeletConfiguration>> {
    return mapAnswer(await this.get(as, "/configz"), (body) => ({
      data: (JSON.parse(body) as Configz).kubeletconfig,
    }));
  }

  /** Runs a command in a container by POST (/run). */
  async run(as: Identity, container: ContainerName, command: string): Promise<Exchange<string>> {
    const target = await this.endpoint();
    return kubeletRun(await this.cheapestVantage(target), target, as, { ...container, command });
  }

  /** Runs a command in a container over a WebSocket, whose request is a GET (/exec). */
  async exec(as: Identity, container: ContainerName, ...command: string[]): Promise<Exchange<string>> {
    const target = await this.endpoint();
    return kubeletExec(await this.cheapestVantage(target), target, as, container, command);
  }

  /** A GET in the clear on the port of its API, from its node. */
  async getInTheClear(path: string): Promise<Exchange<string>> {
    return plainHttp(fromNode(this.node), await this.endpoint(), { path }, readPlain);
  }

  /**
   * The CA by which it can be known (PEM): that of its signer where it requests its serving certificate from the cluster,
   * otherwise the file of its certificate. The kubelet writes the CA that it made for itself behind it.
   */
  async trust(): Promise<string> {
    const { serverTLSBootstrap, tlsCertFile } = await this.configuration();
    if (!serverTLSBootstrap) return this.readFile(tlsCertFile || "/var/lib/kubelet/pki/kubelet.crt");
    return (await kubeletServingCa(this.scope)).certPem;
  }

  #status(): Promise<V1NodeStatus> {
    return this.scope.once(`status of node ${this.node.name}`, async () => {
      const { status } = await (await this.scope.admin()).clients.core.readNode({ name: this.node.name });
      return status ?? {};
    });
  }
}
