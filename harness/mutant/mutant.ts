import { stringify } from "yaml";
import type { Lab } from "../lab/lab.ts";
import type { ClaimResult, MutantResult } from "../results/schema.ts";
import type { Undo } from "../support/undo.ts";

/** What every mutant says of itself. */
interface Sabotage {
  /** Different from every other mutant's, in any channel: it is named on the command line. */
  id: string;
  /** What is sabotaged, in words: "sets --client-cert-auth=false on etcd". */
  does: string;
  /** The ids of the claims that must turn `broken` under it, of any channel. */
  breaks: string[];
  /** Proved to change nothing: then the claims of `breaks` must still hold. Why it changes nothing. */
  equivalent?: string;
}

/** A sabotage of a running cluster, which can be undone. */
export interface LiveMutant extends Sabotage {
  /** Applies it and waits until it is in effect; returns what undoes it, and waits until that is in effect. */
  live: (lab: Lab) => Promise<Undo>;
}

/** A sabotage by a kubeadm patch, with which a cluster of its own boots. */
export interface BootMutant extends Sabotage {
  /** One kubeadm patch in YAML: `kind: ClusterConfiguration` and what it changes. */
  patch: string;
  /** How many control planes it takes; one unless given. */
  controlPlanes?: number;
  /** The version to boot, where its claims do not speak of the usual one. */
  kubernetes?: string;
}

export type Mutant = LiveMutant | BootMutant;

/** States a mutant, in the default export of a channel's mutants.ts. */
export function mutant(stated: Mutant): Mutant {
  return stated;
}

export function isLive(one: Mutant): one is LiveMutant {
  return "live" in one;
}

export function isBoot(one: Mutant): one is BootMutant {
  return "patch" in one;
}

/** The kind config file of a boot mutant, which kind without planeproof boots as well. */
export function kindFile({ id, does, patch, controlPlanes = 1, kubernetes }: BootMutant): string {
  const version = kubernetes === undefined ? "" : `# Boot it as Kubernetes ${kubernetes}.\n`;
  const config = {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: Array.from({ length: controlPlanes }, () => ({ role: "control-plane" })),
    kubeadmConfigPatches: [dedented(patch)],
  };
  return `# planeproof mutant ${id}: ${does}.\n${version}${stringify(config)}`;
}

/** A patch stands indented among the fields of its mutant. */
function dedented(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => `${line.slice(indent)}\n`).join("");
}

/**
 * What became of a mutant. Each claim that it names must be broken by it; a claim that turned red without being named is
 * collateral. Where it is equivalent, the named claims must hold, and no claim at all may turn red.
 */
export function judgeMutant(
  mutant: Mutant,
  results: readonly Pick<ClaimResult, "id" | "verdict" | "asExpected">[],
  ms: number,
): MutantResult {
  const { id, breaks, equivalent: why } = mutant;
  const ids = (found: typeof results) => found.map(({ id }) => id);
  const broken = ids(results.filter(({ verdict, asExpected }) => verdict === "broken" && !asExpected));
  const result = { id, kind: isLive(mutant) ? "live" : "boot", ms: Math.round(ms) } as const;
  if (why !== undefined) {
    const held = ids(results.filter(({ verdict }) => verdict === "holds" || verdict === "outdated"));
    const equivalent = breaks.length > 0 && breaks.every((id) => held.includes(id)) && broken.length === 0;
    return { ...result, breaks: [], killedBy: [], survived: !equivalent, equivalent, collateral: broken };
  }
  const killedBy = breaks.filter((id) => broken.includes(id));
  const collateral = broken.filter((id) => !breaks.includes(id));
  const survived = killedBy.length === 0 || killedBy.length < breaks.length;
  return { ...result, breaks, killedBy, survived, equivalent: false, collateral };
}
