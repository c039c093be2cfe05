import type { Cluster } from "../cluster/cluster.ts";
import { argumentOf } from "../cluster/endpoints.ts";
import type { Documentation } from "./documented.ts";
import type { Exposure } from "./run.ts";

/** A claim that is expected to be broken wherever an argument is missing in a live component. */
export interface KnownExposure {
  claim: string;
  reason: string;
  documented: Documentation;
  /** The argument with which a config closes it. */
  closedBy: { command: string; argument: string };
}

/** The exposures that a cluster has, by claim: those whose closing argument its live component was not given. */
export async function exposuresOf(
  cluster: Cluster,
  known: readonly KnownExposure[],
): Promise<Record<string, Exposure>> {
  const open = await Promise.all(
    known.map(async ({ claim, reason, documented, closedBy }) => {
      const value = await argumentOf(cluster.controlPlane, closedBy.command, closedBy.argument);
      const where = documented.url ?? `${documented.source}, ${documented.section}`;
      return value ? [] : [[claim, { reason: `${reason} (${where})` }] as const];
    }),
  );
  return Object.fromEntries(open.flat());
}
