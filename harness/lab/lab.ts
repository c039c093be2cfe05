import { randomBytes } from "node:crypto";
import type { Cluster } from "../cluster/cluster.ts";
import type { CertificateIdentity, Identity } from "../identity/index.ts";
import type { Node } from "../node/node.ts";
import type { Api } from "../probe/api.ts";
import type { Vantage } from "../probe/vantage.ts";
import { outsideClaims, touch } from "../support/touches.ts";
import { type Undo, UndoStack } from "../support/undo.ts";
import { Controller } from "./api-client.ts";
import { ApiServer } from "./api-server.ts";
import { ControllerManager } from "./controller-manager.ts";
import type { Credentials } from "./credentials.ts";
import { EtcdMember } from "./etcd-member.ts";
import { KubeProxy } from "./kube-proxy.ts";
import { Kubelet } from "./kubelet.ts";
import { neighbourOf } from "./neighbour.ts";
import type { RunScope } from "./run-scope.ts";
import { undone } from "./undone.ts";

/** What a claim works with. One of its own for each claim. */
export class Lab {
  readonly scope: RunScope;
  readonly #undos = new UndoStack();

  constructor(scope: RunScope) {
    this.scope = scope;
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

  /** The API as an identity sees it, where the administrator's kubeconfig has it: for setting scenes. */
  api(as: Identity): Api {
    return this.scope.api(as);
  }

  /** The user with the most rights. */
  administrator(): Promise<CertificateIdentity> {
    return this.scope.administrator();
  }

  /** The API as the cluster's administrator sees it: for setting scenes. */
  admin(): Promise<Api> {
    return this.scope.admin();
  }

  /** Each API server, asked directly and never through a load balancer. */
  get apiServers(): ApiServer[] {
    return this.cluster.controlPlanes.map((node) => this.apiServerOn(node));
  }

  /** The API server of a control plane. */
  apiServerOn(node: Node): ApiServer {
    return new ApiServer(this.scope, node);
  }

  /**
   * The API server to ask about a node's kubelet: that of its own control plane, the first one for a worker. Asked for each
   * node, each API server has its turn.
   */
  apiServerFor(node: Node): ApiServer {
    return this.apiServerOn(node.role === "control-plane" ? node : this.node);
  }

  /** Each member of etcd. */
  get etcdMembers(): EtcdMember[] {
    return this.cluster.controlPlanes.map((node) => this.etcdOn(node));
  }

  /** The member of etcd on a control plane. */
  etcdOn(node: Node): EtcdMember {
    return new EtcdMember(this.scope, node);
  }

  /** The kubelet of each node. */
  get kubelets(): Kubelet[] {
    return this.cluster.nodes.map((node) => this.kubeletOn(node));
  }

  /** The kubelet of a node. */
  kubeletOn(node: Node): Kubelet {
    return new Kubelet(this.scope, node);
  }

  /** Whether something is there for every kubelet: an argument that it was started with, say. */
  async everyKubelet(ask: (kubelet: Kubelet) => Promise<string | undefined>): Promise<boolean> {
    return (await Promise.all(this.kubelets.map(ask))).every((found) => found !== undefined);
  }

  /** The scheduler of each control plane; one of them leads. */
  get schedulers(): Controller[] {
    return this.cluster.controlPlanes.map((node) => this.schedulerOn(node));
  }

  /** The scheduler of a control plane. */
  schedulerOn(node: Node): Controller {
    return new Controller(this.scope, node, "kube-scheduler");
  }

  /** The controller manager of each control plane; one of them leads. */
  get controllerManagers(): ControllerManager[] {
    return this.cluster.controlPlanes.map((node) => this.controllerManagerOn(node));
  }

  /** The controller manager of a control plane. */
  controllerManagerOn(node: Node): ControllerManager {
    return new ControllerManager(this.scope, node);
  }

  /** The kube-proxy of each node: for claims with the precondition that the cluster runs it. */
  get kubeProxies(): KubeProxy[] {
    return this.cluster.nodes.map((node) => new KubeProxy(this.scope, node));
  }

  /** A container on the nodes' network that is not a node: an outsider with a foot in the door. */
  fromNeighbour(): Promise<Vantage> {
    return this.scope.once("neighbour", () => neighbourOf(this.cluster));
  }

  /** A namespace for what a claim has to make; one for the whole run. */
  async namespace(): Promise<string> {
    touch("own-objects", "the namespace of the run");
    return this.scope.once("namespace", async () => {
      const { core } = (await this.admin()).clients;
      const name = this.unique("planeproof");
      // Pods of ours mount directories of the node: a config may enforce a stricter Pod Security Standard by default.
      const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
      await core.createNamespace({ body: { metadata: { name, labels } } });
      return name;
    });
  }

  /** A name that nothing else has: `unique("reader")` → `reader-3fa9c1`. */
  unique(prefix: string): string {
    return `${prefix}-${randomBytes(3).toString("hex")}`;
  }

  /**
   * Undoes something at the end of the claim, whatever its verdict; the last registered goes first. `what` names what is
   * left behind where that fails: `pod NAMESPACE/NAME`. What is gone already is undone, and an undo may be asked again.
   */
  cleanup(what: string, undo: Undo): void {
    this.#undos.push(what, () => outsideClaims(() => undone(undo)));
  }

  /** Runs the cleanups, each once and all of them; then throws a LeftBehindError that names what could not be undone. */
  close(): Promise<void> {
    return this.#undos.run();
  }
}
