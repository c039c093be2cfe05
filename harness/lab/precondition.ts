import type { Capability } from "../provider/provider.ts";
import type { Cluster } from "./cluster.ts";

/** A precondition that not every cluster fulfils. */
export interface Precondition {
  /** What is needed, in words: "three etcd members". */
  what: string;
  met: (cluster: Cluster) => boolean | Promise<boolean>;
  /** It is of the machine, the engine or the provider, and not of the cluster's version, nodes or settings. */
  environment?: true;
  /** It is the claim's own subject: whether the cluster was booted with it. Then its absence breaks the claim. */
  expected?: (cluster: Cluster) => boolean;
}

const CAPABILITIES: Record<Capability, string> = {
  neighbour: "a provider that starts a machine beside the nodes",
  hostAddress: "a provider whose nodes reach a server on this machine",
};

/** The cluster's provider has a capability. */
export function offers(capability: Capability): Precondition {
  return {
    what: CAPABILITIES[capability],
    environment: true,
    met: ({ provider }) => provider[capability] !== undefined,
  };
}
