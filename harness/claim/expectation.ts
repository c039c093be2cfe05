import type { Outcome } from "../probe/outcome.ts";
import type { Refusal } from "../probe/refusals.ts";

/** What a control is to see. */
export type Expectation =
  | {
      kind: "accepted";
      status?: number;
      /** What the answer must show, in words, and the look that decides it. Without it an answer is enough. */
      shows?: string;
      where?: (data: unknown) => boolean;
    }
  | ({ kind: "refused" } & Refusal);

/** How an outcome stands to its expectation. `unclear`: the environment failed, it says nothing either way. */
export type Judgement = "met" | "unmet" | "unclear";

/** Judges an outcome. A refusal counts only from the expected layer, for the expected reason. */
export function judge(expected: Expectation, observed: Outcome): Judgement {
  if (observed.kind === "failed") return "unclear";
  if (expected.kind === "accepted") {
    if (observed.kind !== "accepted") return "unmet";
    const status = expected.status === undefined || expected.status === observed.status;
    return status && shows(expected, observed.data) ? "met" : "unmet";
  }
  if (observed.kind !== "refused" || observed.layer !== expected.layer) return "unmet";
  const same =
    (expected.alert === undefined || expected.alert === observed.alert) &&
    (expected.status === undefined || expected.status === observed.status) &&
    (expected.reason === undefined || expected.reason.test(observed.reason));
  return same ? "met" : "unmet";
}

/** A look that stumbles over an answer of another shape has not seen what it looks for. */
function shows({ where }: Extract<Expectation, { kind: "accepted" }>, data: unknown): boolean {
  try {
    return where === undefined || where(data) === true;
  } catch {
    return false;
  }
}
