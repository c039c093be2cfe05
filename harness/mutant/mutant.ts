import type { Lab } from "../lab/lab.ts";
import type { ClaimResult, MutantResult } from "../results/schema.ts";

/** What every mutant says of itself; one by kubeadm patches is a kind config of its own, clusters/mutants/ID.yaml. */
export interface Mutant {
  id: string;
  /** What is sabotaged, in words. */
  does: string;
  /** The claims that must turn `broken` under it. */
  breaks: string[];
  /** The version to boot, where its claims do not speak of the usual one. */
  kubernetes?: string;
  /** Proved to change nothing: then the claims of `breaks` must still hold. Why it changes nothing. */
  equivalent?: string;
}

/** A sabotage of a running cluster, which can be undone. */
export interface LiveMutant extends Mutant {
  /** Applies it and waits until it is in effect; returns what undoes it, and waits until that is in effect. */
  apply: (lab: Lab) => Promise<() => Promise<void>>;
}

/**
 * What became of a mutant. Each claim that it names must be broken by it; a claim that turned red without being named is
 * collateral. Where it is equivalent, the named claims must hold, and no claim at all may turn red.
 */
export function judgeMutant(
  { id, breaks, equivalent: why }: Mutant,
  kind: MutantResult["kind"],
  results: readonly Pick<ClaimResult, "id" | "verdict" | "asExpected">[],
  ms: number,
): MutantResult {
  const ids = (found: typeof results) => found.map(({ id }) => id);
  const broken = ids(results.filter(({ verdict, asExpected }) => verdict === "broken" && !asExpected));
  const result = { id, kind, ms: Math.round(ms) };
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
