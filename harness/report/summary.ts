import type { ClaimResult, Run, Summary, Verdict } from "./schema.ts";

/** A verdict as a reader meets it: a claim that is broken as was expected is a known exposure. */
export type Standing = Verdict | "known-exposure";

/** Where a claim stands. */
export function standingOf({ verdict, expected }: Pick<ClaimResult, "verdict" | "expected">): Standing {
  return verdict === "broken" && expected === "broken" ? "known-exposure" : verdict;
}

/** Counts the claims and controls of all runs. Pure; the report's schema refuses any other numbers. */
export function summarise(runs: readonly Pick<Run, "claims">[]): Summary {
  const claims = runs.flatMap((run) => run.claims);
  const count = (standing: Standing) => claims.filter((claim) => standingOf(claim) === standing).length;
  return {
    holds: count("holds"),
    broken: count("broken"),
    knownExposure: count("known-exposure"),
    outdated: count("outdated"),
    notExercised: count("not-exercised"),
    inconclusive: count("inconclusive"),
    controls: claims.reduce((total, { controls }) => total + controls.length, 0),
    asExpected: claims.every(({ asExpected }) => asExpected),
  };
}
