import { anonymousRequests } from "../cluster/anonymous.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { argumentOf } from "../cluster/endpoints.ts";
import type { Capability } from "../provider/provider.ts";
import type { RunScope } from "./run-scope.ts";

/** A precondition that not every cluster fulfils. */
export interface Precondition {
  /** What is needed, in words: "three etcd members". */
  what: string;
  /** `scope` has the connections of the run, and what it found out once for all its claims. */
  met: (cluster: Cluster, scope: RunScope) => boolean | Promise<boolean>;
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

/** Each API server was given an argument. */
export function apiServersGiven(argument: string): Precondition {
  return {
    what: `an API server with --${argument}`,
    met: async ({ controlPlanes }) => {
      const values = controlPlanes.map((node) => argumentOf(node, "kube-apiserver", argument));
      return (await Promise.all(values)).every(Boolean);
    },
  };
}

/** Each API server lets requests without a credential in, on some path at least. */
export const admitsAnonymous: Precondition = {
  what: "an API server that lets anonymous requests in",
  met: async ({ controlPlanes }) => {
    const settings = await Promise.all(controlPlanes.map(anonymousRequests));
    return settings.every(({ enabled }) => enabled);
  },
};
