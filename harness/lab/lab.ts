import { randomBytes } from "node:crypto";
import type { Cluster } from "../cluster/cluster.ts";
import { type Endpoint, etcdClientEndpoint, etcdPeerEndpoint, loopbackFor } from "../cluster/endpoints.ts";
import { type Identity, kubeconfigIn } from "../identity/index.ts";
import type { Node } from "../node/node.ts";
import { Api, type ApiServer } from "../probe/api.ts";
import { fromHost, fromNode, type Vantage } from "../probe/vantage.ts";
import { Memo } from "../support/memo.ts";
import { type Undo, UndoStack } from "../support/undo.ts";
import { Credentials } from "./credentials.ts";
import { neighbourOf } from "./neighbour.ts";
import { agentPod } from "./pod.ts";

/** What a run shares between its claims: the cluster, its genuine credentials, the places to dial from. */
export class RunScope {
  readonly cluster: Cluster;
  readonly credentials: Credentials;
  readonly server: ApiServer;
  readonly #apis = new Map<Identity, Api>();
  readonly #memo = new Memo();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.credentials = new Credentials(cluster);
    const current = kubeconfigIn(cluster.facts.kubeconfig).getCurrentCluster();
    this.server = {
      url: current?.server ?? "",
      caPem: Buffer.from(current?.caData ?? "", "base64").toString(),
    };
  }

  /** The API as an identity sees it, from the host. */
  api(as: Identity): Api {
    const known = this.#apis.get(as) ?? new Api(this.server, as);
    this.#apis.set(as, known);
    return known;
  }

  /** Something that is made at most once in a run, by whichever claim needs it first. */
  once<T>(what: string, make: () => Promise<T>): Promise<T> {
    return this.#memo.get(what, make);
  }
}

/** What a claim works with. One of its own for each claim. */
export class Lab {
  readonly scope: RunScope;
  readonly #undos = new UndoStack();

  constructor(bench: RunScope) {
    this.scope = bench;
  }

  get cluster(): Cluster {
    return this.scope.cluster;
  }

  /** The control plane on which `kubeadm init` ran. */
  get node(): Node {
    return this.cluster.controlPlane;
  }

  get credentials(): Credentials {
    return this.scope.credentials;
  }

  /** The API as an identity sees it, from the host. */
  api(as: Identity): Api {
    return this.scope.api(as);
  }

  /** The mightiest of kubeadm's users. From 1.29 super-admin.conf alone is in system:masters, which no RBAC rule binds. */
  administrator(): Promise<Identity> {
    return this.credentials.kubeconfig(
      this.cluster.version.atLeast("1.29") ? "super-admin.conf" : "admin.conf",
    );
  }

  /** The API as the cluster's administrator sees it: for setting scenes. */
  async admin(): Promise<Api> {
    return this.api(await this.administrator());
  }

  /** Inside a node (the first control plane unless another is named). */
  fromNode(node: Node = this.node): Vantage {
    return fromNode(node);
  }

  /** The machine that runs us. */
  get fromHost(): Vantage {
    return fromHost;
  }

  /** A container on the nodes' network that is no node: an outsider with a foot in the door. */
  fromNeighbour(): Promise<Vantage> {
    return this.scope.once("neighbour", () => neighbourOf(this.cluster));
  }

  /** A pod without any rights of its own. */
  fromPod(): Promise<Vantage> {
    return this.scope.once("agent pod", async () => agentPod(this, await this.namespace()));
  }

  etcdClient(node: Node = this.node): Promise<Endpoint> {
    return this.scope.once(`etcd client ${node.name}`, () => etcdClientEndpoint(node));
  }

  etcdPeer(node: Node = this.node): Promise<Endpoint> {
    return this.scope.once(`etcd peer ${node.name}`, () => etcdPeerEndpoint(node));
  }

  /** Where the kubelet of a node listens, by the node's own status. */
  kubelet(node: Node = this.node): Promise<Endpoint> {
    return this.scope.once(`kubelet ${node.name}`, async () => {
      const { status } = await (await this.admin()).clients.core.readNode({ name: node.name });
      return { host: node.address, port: status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250 };
    });
  }

  /** Where the kubelet of a node tells its health in the clear, as seen from the node, by its own /configz. */
  kubeletHealth(node: Node = this.node): Promise<Endpoint> {
    return this.scope.once(`kubelet's health ${node.name}`, async () => {
      const path = `/api/v1/nodes/${node.name}/proxy/configz`;
      const { outcome } = await (await this.admin()).request({ path });
      const configz = (outcome.kind === "accepted" ? outcome.data : {}) as {
        kubeletconfig?: { healthzBindAddress?: string; healthzPort?: number };
      };
      const { healthzBindAddress = "127.0.0.1", healthzPort = 10248 } = configz.kubeletconfig ?? {};
      return { host: loopbackFor(healthzBindAddress), port: healthzPort };
    });
  }

  /** A namespace for whatever a claim has to make; one for the whole run. */
  namespace(): Promise<string> {
    return this.scope.once("namespace", async () => {
      const { core } = (await this.admin()).clients;
      const name = this.unique("planeproof");
      await core.createNamespace({ body: { metadata: { name } } });
      return name;
    });
  }

  /** A name that nothing else has: `unique("reader")` → `reader-3fa9c1`. */
  unique(prefix: string): string {
    return `${prefix}-${randomBytes(3).toString("hex")}`;
  }

  /** Undoes something at the end of the claim, whatever its verdict; the last registered goes first. */
  cleanup(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** Runs the cleanups, each once and all of them; then throws what the first that failed threw. */
  close(): Promise<void> {
    return this.#undos.run();
  }
}
