import type { Run, Summary } from "./schema.ts";
import type { Verdict } from "./vocabulary.ts";

/** Counts the claims and controls of all runs. Pure; the report's schema refuses any other numbers. */
export function summarise(runs: readonly Pick<Run, "claims" | "lost">[]): Summary {
  const claims = runs.flatMap((run) => run.claims);
  const count = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const knownExposure = claims.filter(
    ({ verdict, expected }) => verdict === "broken" && expected === "broken",
  ).length;
  return {
    holds: count("holds"),
    broken: count("broken") - knownExposure,
    knownExposure,
    outdated: count("outdated"),
    closed: count("closed"),
    notExercised: count("not-exercised"),
    missingEnvironment: claims.filter(({ missing }) => missing === "environment").length,
    inconclusive: count("inconclusive"),
    controls: claims.reduce((total, { controls }) => total + controls.length, 0),
    invariantControls: claims
      .flatMap(({ controls }) => controls)
      .filter(({ invariant }) => invariant !== undefined).length,
    asExpected:
      claims.every(({ asExpected }) => asExpected) && runs.every(({ lost = [] }) => lost.length === 0),
  };
}
