import type { ClaimResult, Run } from "./schema.ts";
import { counted } from "./text.ts";

/**
 * Where a claim stands, as a reader meets it: a verdict seen together with what was expected. Worst first; a claim that
 * was not exercised says nothing about its channel, so it comes last.
 */
export const STATUSES = [
  "broken",
  "inconclusive",
  "unexpected",
  "known-exposure",
  "outdated",
  "holds",
  "not-exercised",
] as const;

export type Status = (typeof STATUSES)[number];

export const statusLabel: Record<Status, string> = {
  broken: "broken",
  inconclusive: "inconclusive",
  unexpected: "not as expected",
  "known-exposure": "known exposure",
  outdated: "outdated",
  holds: "holds",
  "not-exercised": "not exercised",
};

/** Where a claim stands. `unexpected`: it is better, or less, than was foretold, such as a known exposure that holds. */
export function statusOf({ verdict, expected, asExpected }: ClaimResult): Status {
  if (verdict === "broken") return expected === "broken" ? "known-exposure" : "broken";
  if (verdict === "inconclusive" || asExpected) return verdict;
  return "unexpected";
}

/** The standing that decides how a group of claims is shown; undefined for no claims. */
export function worstStatus(claims: readonly ClaimResult[]): Status | undefined {
  const found = new Set(claims.map(statusOf));
  return STATUSES.find((standing) => found.has(standing));
}

/** How many claims stand where, worst first, without zeros. */
export function countByStatus(claims: readonly ClaimResult[]): { standing: Status; count: number }[] {
  return STATUSES.map((standing) => ({
    standing,
    count: claims.filter((claim) => statusOf(claim) === standing).length,
  })).filter(({ count }) => count > 0);
}

/** `3 hold`, `1 known exposure` */
export function countInWords(standing: Status, count: number): string {
  const label = statusLabel[standing];
  if (standing === "known-exposure") return counted(count, label);
  return `${count} ${standing === "holds" && count !== 1 ? "hold" : label}`;
}

/** A claim that stands alike in several of the report's runs. */
export interface Finding {
  standing: Status;
  /** As it is in the first of the runs. */
  claim: ClaimResult;
  runs: Run[];
}

/** The claims that stand at one of these, worst first; one that does so in several runs for one reason is one finding. */
export function findings(runs: readonly Run[], ...standings: Status[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const run of runs) {
    for (const claim of run.claims) {
      const standing = statusOf(claim);
      if (!standings.includes(standing)) continue;
      const key = JSON.stringify([standing, claim.id, claim.reason]);
      found.set(key, { standing, claim, runs: [...(found.get(key)?.runs ?? []), run] });
    }
  }
  const rank = ({ standing }: Finding) => STATUSES.indexOf(standing);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** Where a report must be looked at first. */
export const notAsExpected: Status[] = ["broken", "inconclusive", "unexpected"];

/** `default v1.37.2` */
export function runName({ cluster, kubernetes }: Run): string {
  return `${cluster} ${kubernetes}`;
}
