import type { Cluster } from "./cluster.ts";

/** A precondition that not every cluster fulfils. */
export interface Precondition {
  /** What is needed, in words: "three etcd members". */
  what: string;
  met: (cluster: Cluster) => boolean | Promise<boolean>;
}
