import { parse } from "yaml";
import { type Endpoint, loopbackFor } from "../cluster/endpoints.ts";
import type { Identity } from "../identity/index.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { readPlain } from "../probe/answers.ts";
import { plainHttp } from "../probe/http.ts";
import { kubeletGet, kubeletRun } from "../probe/kubelet.ts";
import { kubeletExec } from "../probe/kubelet-exec.ts";
import type { Exchange } from "../probe/outcome.ts";
import type { ContainerName } from "../probe/pod-streams.ts";
import type { Target } from "../probe/tls.ts";
import { fromNode } from "../probe/vantage.ts";
import { ApiClient } from "./api-client.ts";
import type { RunScope } from "./run-scope.ts";

/** The kubelet of one node: a client of the API server, and a server of its own on port 10250. */
export class Kubelet extends ApiClient {
  constructor(scope: RunScope, node: Node) {
    super(scope, node, "kubelet");
  }

  /** Where it listens, by its node's own status. */
  endpoint(): Promise<Endpoint> {
    return this.scope.once(`kubelet ${this.node.name}`, async () => {
      const { status } = await (await this.scope.admin()).clients.core.readNode({ name: this.node.name });
      return { host: this.node.address, port: status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250 };
    });
  }

  /** Where it tells its health in the clear, as seen from its node, by its own /configz. */
  health(): Promise<Endpoint> {
    return this.scope.once(`kubelet's health ${this.node.name}`, async () => {
      const path = `/api/v1/nodes/${this.node.name}/proxy/configz`;
      const { outcome } = await (await this.scope.admin()).request({ path });
      const configz = (outcome.kind === "accepted" ? outcome.data : {}) as {
        kubeletconfig?: { healthzBindAddress?: string; healthzPort?: number };
      };
      const { healthzBindAddress = "127.0.0.1", healthzPort = 10248 } = configz.kubeletconfig ?? {};
      return { host: loopbackFor(healthzBindAddress), port: healthzPort };
    });
  }

  /** GETs a path of its API; `how` limits TLS versions, or says what to judge its certificate by. */
  async get(as: Identity, path: string, how: Partial<Target> = {}): Promise<Exchange<string>> {
    const target = { ...(await this.endpoint()), ...how };
    return kubeletGet(await this.cheapestVantage(target), target, as, path);
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
    const config = parse(await readFile(this.node, "/var/lib/kubelet/config.yaml")) as {
      serverTLSBootstrap?: boolean;
    };
    return config.serverTLSBootstrap
      ? this.scope.credentials.pem("ca.crt")
      : readFile(this.node, "/var/lib/kubelet/pki/kubelet.crt");
  }
}
