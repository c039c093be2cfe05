import type { ClaimResult, Run } from "./schema.ts";
import { counted } from "./text.ts";

/**
 * Where a claim stands, as a reader meets it: a verdict seen together with what was expected. Worst first; a claim that
 * was not exercised says nothing about its channel, so it comes last.
 */
export const STANDINGS = [
  "broken",
  "inconclusive",
  "unexpected",
  "known-exposure",
  "outdated",
  "holds",
  "not-exercised",
] as const;

export type Standing = (typeof STANDINGS)[number];

export const standingLabel: Record<Standing, string> = {
  broken: "broken",
  inconclusive: "inconclusive",
  unexpected: "not as expected",
  "known-exposure": "known exposure",
  outdated: "outdated",
  holds: "holds",
  "not-exercised": "not exercised",
};

/** Where a claim stands. `unexpected`: it is better, or less, than was foretold, such as a known exposure that holds. */
export function standingOf({ verdict, expected, asExpected }: ClaimResult): Standing {
  if (verdict === "broken") return expected === "broken" ? "known-exposure" : "broken";
  if (verdict === "inconclusive" || asExpected) return verdict;
  return "unexpected";
}

/** The standing that decides how a group of claims is shown; undefined for no claims. */
export function worstOf(claims: readonly ClaimResult[]): Standing | undefined {
  const found = new Set(claims.map(standingOf));
  return STANDINGS.find((standing) => found.has(standing));
}

/** How many claims stand where, worst first, without zeros. */
export function countByStanding(claims: readonly ClaimResult[]): { standing: Standing; count: number }[] {
  return STANDINGS.map((standing) => ({
    standing,
    count: claims.filter((claim) => standingOf(claim) === standing).length,
  })).filter(({ count }) => count > 0);
}

/** `3 hold`, `1 known exposure` */
export function countInWords(standing: Standing, count: number): string {
  const label = standingLabel[standing];
  if (standing === "known-exposure") return counted(count, label);
  return `${count} ${standing === "holds" && count !== 1 ? "hold" : label}`;
}

/** A claim that stands alike in several of the report's runs. */
export interface Finding {
  standing: Standing;
  /** As it is in the first of the runs. */
  claim: ClaimResult;
  runs: Run[];
}

/** The claims that stand at one of these, worst first; one that does so in several runs for one reason is one finding. */
export function findings(runs: readonly Run[], ...standings: Standing[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const run of runs) {
    for (const claim of run.claims) {
      const standing = standingOf(claim);
      if (!standings.includes(standing)) continue;
      const key = JSON.stringify([standing, claim.id, claim.reason]);
      found.set(key, { standing, claim, runs: [...(found.get(key)?.runs ?? []), run] });
    }
  }
  const rank = ({ standing }: Finding) => STANDINGS.indexOf(standing);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** Where a report must be looked at first. */
export const notAsExpected: Standing[] = ["broken", "inconclusive", "unexpected"];

/** `default v1.37.2` */
export function runName({ cluster, kubernetes }: Run): string {
  return `${cluster} ${kubernetes}`;
}
