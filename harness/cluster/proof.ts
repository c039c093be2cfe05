import { oneLine } from "../support/errors.ts";

/** What the live cluster says of one setting that a config asks for. */
export type Proof =
  | { state: "landed"; found: string }
  | { state: "not-provable"; found: string; why: string }
  | { state: "contradicted"; found: string; where: string };

/** A setting that was asked for on one node, and what was found there. */
export interface ProvedSetting {
  path: string;
  asked: string;
  /** Where in the file: `my.yaml:12`; unknown for kind's own fields. */
  where?: string;
  node: string;
  proof: Proof;
}

/** A value as reports show it. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "(not set)";
  return oneLine(typeof value === "string" ? value : JSON.stringify(value));
}

/** The proof of a setting that can be seen in force: it is, or the value that was found contradicts it. */
export function seen(matches: boolean, found: unknown, where: string): Proof {
  return matches
    ? { state: "landed", found: shown(found) }
    : { state: "contradicted", found: shown(found), where };
}

export function notProvable(found: unknown, why: string): Proof {
  return { state: "not-provable", found: shown(found), why };
}
