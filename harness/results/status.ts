import type { ClaimResult, Run } from "./schema.ts";
import { counted } from "./text.ts";

/**
 * What a reader meets: a verdict together with what was expected. Worst first; a claim that
 * was not exercised says nothing about its channel, so it comes last.
 */
export const STATUSES = [
  "broken",
  "inconclusive",
  "unexpected",
  "known-exposure",
  "outdated",
  "closed",
  "holds",
  "missing-environment",
  "not-exercised",
] as const;

export type Status = (typeof STATUSES)[number];

export const statusLabel: Record<Status, string> = {
  broken: "broken",
  inconclusive: "inconclusive",
  unexpected: "not as expected",
  "known-exposure": "known exposure",
  outdated: "outdated",
  closed: "limit closed",
  holds: "holds",
  "missing-environment": "not exercised: environment",
  "not-exercised": "not exercised",
};

/** The status of a claim. `unexpected`: another verdict than the expected one, such as a known exposure that holds. */
export function statusOf({ verdict, expected, asExpected, missing }: ClaimResult): Status {
  if (verdict === "broken") return expected === "broken" ? "known-exposure" : "broken";
  if (asExpected && missing === "environment") return "missing-environment";
  if (verdict === "inconclusive" || asExpected) return verdict;
  return "unexpected";
}

/** The status that decides how a group of claims is shown; undefined for no claims. */
export function worstStatus(claims: readonly ClaimResult[]): Status | undefined {
  const found = new Set(claims.map(statusOf));
  return STATUSES.find((status) => found.has(status));
}

/** How many claims have each status, worst first, without zeros. */
export function countByStatus(claims: readonly ClaimResult[]): { status: Status; count: number }[] {
  return STATUSES.map((status) => ({
    status,
    count: claims.filter((claim) => statusOf(claim) === status).length,
  })).filter(({ count }) => count > 0);
}

/** `3 hold`, `1 known exposure` */
export function countInWords(status: Status, count: number): string {
  const label = statusLabel[status];
  if (status === "known-exposure") return counted(count, label);
  if (status === "closed") return counted(count, "limit closed", "limits closed");
  return `${count} ${status === "holds" && count !== 1 ? "hold" : label}`;
}

/** A claim that has one status in several of the report's runs. */
export interface Finding {
  status: Status;
  /** As it is in the first of the runs. */
  claim: ClaimResult;
  runs: Run[];
}

/** The claims with one of these statuses, worst first; one that has it in several runs for one reason is one finding. */
export function findings(runs: readonly Run[], ...statuses: Status[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const run of runs) {
    for (const claim of run.claims) {
      const status = statusOf(claim);
      if (!statuses.includes(status)) continue;
      const key = JSON.stringify([status, claim.id, claim.reason]);
      found.set(key, { status, claim, runs: [...(found.get(key)?.runs ?? []), run] });
    }
  }
  const rank = ({ status }: Finding) => STATUSES.indexOf(status);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** What is as expected, and is named all the same: it fails a strict run. */
export const openQuestions: Status[] = ["known-exposure", "missing-environment"];

/** Where a report must be looked at first. */
export const notAsExpected: Status[] = ["broken", "inconclusive", "unexpected"];

/** `default v1.37.2` */
export function runName({ cluster, kubernetes }: Run): string {
  return `${cluster} ${kubernetes}`;
}
