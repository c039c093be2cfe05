import type { Lab } from "../lab/lab.ts";
import type { ClaimResult, MutantResult } from "../report/schema.ts";

/** What every mutant says of itself; one by kubeadm patches is a kind config of its own, clusters/mutants/ID.yaml. */
export interface Mutant {
  id: string;
  /** What is sabotaged, in words. */
  does: string;
  /** The claims that must turn `broken` under it. */
  breaks: string[];
  /** Proved to change nothing: then the claims of `breaks` must still hold. Why it changes nothing. */
  equivalent?: string;
}

/** A sabotage of a running cluster, which can be undone. */
export interface LiveMutant extends Mutant {
  /** Applies it and waits until it is in effect; returns what undoes it, and waits until that is in effect. */
  apply: (lab: Lab) => Promise<() => Promise<void>>;
}

/**
 * What became of a mutant. Each claim that it names must be broken by it, or, where it is equivalent, must hold;
 * a claim that turned red without being named is collateral.
 */
export function judgeMutant(
  mutant: Mutant,
  kind: MutantResult["kind"],
  results: readonly Pick<ClaimResult, "id" | "verdict" | "asExpected">[],
  ms: number,
): MutantResult {
  const broken = results
    .filter(({ verdict, asExpected }) => verdict === "broken" && !asExpected)
    .map(({ id }) => id);
  const killedBy = mutant.breaks.filter((id) => broken.includes(id));
  const held = results
    .filter(({ verdict }) => verdict === "holds" || verdict === "outdated")
    .map(({ id }) => id);
  const equivalent = mutant.equivalent !== undefined && mutant.breaks.every((id) => held.includes(id));
  return {
    id: mutant.id,
    kind,
    breaks: mutant.equivalent === undefined ? mutant.breaks : [],
    killedBy: mutant.equivalent === undefined ? killedBy : [],
    survived: mutant.equivalent === undefined ? killedBy.length < mutant.breaks.length : !equivalent,
    equivalent,
    collateral: broken.filter((id) => !mutant.breaks.includes(id)),
    ms: Math.round(ms),
  };
}
