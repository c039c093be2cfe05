import type { KindConfig } from "../config/kind-schema.ts";
import type { EnginePin } from "../engine/engine.ts";
import type { NodeFacts, NodeTransport } from "../node/node.ts";
import type { Progress } from "../support/progress.ts";

export type ProviderName = "kind" | "namespaces";

/** What decides with which engine a provider works, as plain data for other processes. */
export type ProviderPin = EnginePin;

/** What a provider needs to boot a cluster. */
export interface CreateRequest {
  /** The cluster's own name: unique on the machine, fit for host names. */
  name: string;
  config: KindConfig;
  /** The node image's reference; undefined where the config names its nodes' images. */
  image: string | undefined;
  /** A file that is to hold the administrator's kubeconfig; its directory exists. */
  kubeconfig: string;
  progress: Progress;
  /** Variables for every process that the provider starts: by them the watchdog knows what to end. */
  mark: Record<string, string>;
  /** Told when the first of them runs. */
  begun: () => void;
}

/** One way of having nodes. Everything else of planeproof works on any of them. */
export interface Provider {
  readonly name: ProviderName;
  /** Boots the cluster. A BootError holds the failing component's own words; the nodes stay until `destroy`. */
  create(request: CreateRequest): Promise<void>;
  nodes(cluster: string): Promise<NodeFacts[]>;
  transport(node: string): NodeTransport;
  /** The text of the kubeadm configuration that a node was given: YAML documents, InitConfiguration and others. */
  kubeadmConfig(node: string): Promise<string>;
  /** The engine that this process works with; undefined where none answers. */
  pin(): Promise<ProviderPin | undefined>;
  /**
   * Removes every trace of the cluster, its neighbours included. Nothing happens where there is none.
   * @param pin the engine to ask, and no other
   */
  destroy(cluster: string, pin?: ProviderPin): Promise<void>;
  /** The names of all clusters of this provider, anybody's. */
  list(): Promise<string[]>;
  /** Writes the nodes' logs into a directory. */
  exportLogs(cluster: string, directory: string): Promise<void>;

  // Capabilities: a provider may lack any of these. A claim that needs one says so by a precondition (`offers`).

  /** Starts a machine on the nodes' network that is not a node. It goes with the cluster. */
  neighbour?(request: NeighbourRequest): Promise<Neighbour>;
  /** The address under which a node reaches a server on the machine that runs us. */
  hostAddress?(node: string): Promise<string>;
  /** An EnvironmentError where what all nodes run on has failed: its engine has died, its disk is full. */
  requireWorking?(): Promise<void>;
}

/** A capability that claims can need. */
export type Capability = "neighbour" | "hostAddress";

export interface NeighbourRequest {
  cluster: string;
  /** A private directory that lasts as long as the cluster. */
  directory: string;
}

export interface Neighbour {
  /** Its address on the nodes' network. */
  address: string;
  transport: NodeTransport;
}
