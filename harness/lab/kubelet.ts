import type { V1NodeStatus } from "@kubernetes/client-node";
import { type Endpoint, loopbackFor } from "../cluster/endpoints.ts";
import { KubernetesVersion } from "../config/version.ts";
import type { Identity } from "../identity/index.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { readPlain } from "../probe/answers.ts";
import { plainHttp } from "../probe/http.ts";
import { kubeletGet, kubeletRun } from "../probe/kubelet.ts";
import { kubeletExec } from "../probe/kubelet-exec.ts";
import { missingRight } from "../probe/kubelet-rights.ts";
import { type Exchange, mapAnswer } from "../probe/outcome.ts";
import type { ContainerName } from "../probe/pod-streams.ts";
import { forbiddenByKubelet, type Refusal } from "../probe/refusals.ts";
import type { Target } from "../probe/tls.ts";
import { fromNode } from "../probe/vantage.ts";
import { EnvironmentError } from "../support/errors.ts";
import { ApiClient } from "./api-client.ts";
import type { RunScope } from "./run-scope.ts";

/** The kubelet's configuration, as far as claims follow it (kubelet.config.k8s.io/v1beta1). */
export interface KubeletConfiguration {
  healthzBindAddress?: string;
  healthzPort?: number;
  /** `VersionTLS13`; Go's own minimum unless given. */
  tlsMinVersion?: string;
  serverTLSBootstrap?: boolean;
  authentication?: { x509?: { clientCAFile?: string } };
  authorization?: { mode?: string };
}

/** The answer of /configz. */
interface Configz {
  kubeletconfig: KubeletConfiguration;
}

/** The kubelet of one node: a client of the API server, and a server of its own on port 10250. */
export class Kubelet extends ApiClient {
  constructor(scope: RunScope, node: Node) {
    super(scope, node, "kubelet");
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

  /** Where it tells its health in the clear, as seen from its node. */
  async health(): Promise<Endpoint> {
    const { healthzBindAddress = "127.0.0.1", healthzPort = 10248 } = await this.configuration();
    return { host: loopbackFor(healthzBindAddress), port: healthzPort };
  }

  /**
   * How it refuses somebody who lacks the right to a path of its API; `user` is the one whom it names. A command over a
   * WebSocket takes `get`, by POST `create`.
   */
  async forbids(verb: "get" | "create", path: string, user?: string): Promise<Refusal> {
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
   * The CA by which it can be known (PEM): the cluster's where kubelets ask it for their serving certificates, otherwise
   * the one that the kubelet made for itself, which is in the same file as its certificate.
   */
  async trust(): Promise<string> {
    const { serverTLSBootstrap } = await this.configuration();
    return serverTLSBootstrap
      ? this.scope.credentials.pem("ca.crt")
      : readFile(this.node, "/var/lib/kubelet/pki/kubelet.crt");
  }

  #status(): Promise<V1NodeStatus> {
    return this.scope.once(`status of node ${this.node.name}`, async () => {
      const { status } = await (await this.scope.admin()).clients.core.readNode({ name: this.node.name });
      return status ?? {};
    });
  }
}
