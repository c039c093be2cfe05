import type { KindConfig } from "../config/kind-config.ts";
import type { NodeFacts, NodeTransport } from "../node/node.ts";
import type { Progress } from "../support/progress.ts";

export type ProviderName = "kind" | "namespaces";

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
  /** Told of every process group that the provider starts, so that the watchdog can end it. */
  started: (pid: number) => void;
}

/** One way of having nodes. Everything else of planeproof works on any of them. */
export interface Provider {
  readonly name: ProviderName;
  /** Boots the cluster. A BootError holds the failing component's own words; the nodes stay until `destroy`. */
  create(request: CreateRequest): Promise<void>;
  nodes(name: string): Promise<NodeFacts[]>;
  transport(node: string): NodeTransport;
  /** The network that its nodes are on, for a neighbour that is to stand beside them. */
  network(): string;
  /** Removes every trace of the cluster. Nothing happens where there is none. */
  destroy(name: string): Promise<void>;
  /** The names of all clusters of this provider, anybody's. */
  list(): Promise<string[]>;
  /** Writes the nodes' logs into a directory. */
  exportLogs(name: string, directory: string): Promise<void>;
}
