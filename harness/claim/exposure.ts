import type { Cluster } from "../cluster/cluster.ts";
import { argumentOf } from "../cluster/endpoints.ts";
import type { ControlResult } from "../results/schema.ts";
import type { Documentation } from "./documented.ts";

/** A claim of which some controls are expected to fail wherever an argument is missing in a live component. */
export interface KnownExposure {
  claim: string;
  /** The controls that are expected to fail, by their names without a node's. Its other controls must be met. */
  controls: readonly string[];
  reason: string;
  documented: Documentation;
  /** The argument with which a config closes it. */
  closedBy: { command: string; argument: string };
}

/** What is open on a cluster. */
export interface Exposure {
  controls: readonly string[];
  reason: string;
  /** The control planes on which it is open. */
  nodes: readonly string[];
}

/** The exposures that a cluster has, by claim: those whose closing argument a live component was not given. */
export async function exposuresOf(
  cluster: Cluster,
  known: readonly KnownExposure[],
): Promise<Record<string, Exposure>> {
  const open = await Promise.all(
    known.map(async ({ claim, controls, reason, documented, closedBy: { command, argument } }) => {
      const values = await Promise.all(
        cluster.controlPlanes.map(async (node) => [node.name, await argumentOf(node, command, argument)]),
      );
      const nodes = values.flatMap(([name = "", value]) => (value ? [] : name));
      const where = documented.url ?? `${documented.source}, ${documented.section}`;
      return nodes.length === 0
        ? []
        : [[claim, { controls, nodes, reason: `${reason} (${where})` }] as const];
    }),
  );
  return Object.fromEntries(open.flat());
}

/** Whether a control is one that is expected to fail: on one of several nodes only where it is open there. */
export function isExposed(
  { name, instance }: Pick<ControlResult, "name" | "instance">,
  { controls, nodes }: Exposure,
): boolean {
  if (!instance) return controls.includes(name);
  return controls.includes(instance.of) && instance.nodes.some((node) => nodes.includes(node));
}
