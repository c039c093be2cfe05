import { relative } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClaimResult, Run } from "../results/schema.ts";

/** A cluster's part of the report. */
export function runOf({ facts }: Cluster, claims: ClaimResult[]): Run {
  return {
    cluster: facts.title,
    config: relative(process.cwd(), facts.config) || facts.config,
    kubernetes: facts.kubernetes,
    provider: facts.provider,
    nodes: facts.nodes.map(({ name, role, kubelet }) => ({ name, role, ...(kubelet && { kubelet }) })),
    boot: facts.boot,
    patches: facts.patches,
    claims,
  };
}
