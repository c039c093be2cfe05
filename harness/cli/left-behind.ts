import type { Run } from "../results/schema.ts";
import { EnvironmentError } from "../support/errors.ts";

/** An EnvironmentError where a claim could not undo what it changed: what the claims after it saw is not to be trusted. */
export function requireUndone(runs: readonly Run[]): void {
  const left = runs.flatMap(({ claims }) =>
    claims.flatMap(({ id, leftBehind = [] }) => leftBehind.map((what) => `${id}: ${what}`)),
  );
  if (left.length === 0) return;
  throw new EnvironmentError("What claims changed on a cluster could not be undone.", {
    expected: "a cluster on which each claim leaves nothing behind",
    found: left.join("\n"),
    remedy: "run again; the logs of this run are in the report's evidence/",
  });
}
