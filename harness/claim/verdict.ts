import type { ControlKind, Verdict } from "../results/vocabulary.ts";
import type { Judgement } from "./expectation.ts";

/** A control that ran, as far as the verdict is concerned. */
export interface JudgedControl {
  kind: ControlKind;
  judgement: Judgement;
}

/**
 * The verdict over the controls that really ran. `holds` needs a positive and a negative one, all as expected; one that
 * was not is `broken`, no matter what else happened; a failure of the environment leaves the question open. An observation
 * can break a claim, and counts as neither positive nor negative.
 */
export function verdictOf(
  controls: readonly JudgedControl[],
): Extract<Verdict, "holds" | "broken" | "inconclusive"> {
  if (controls.some(({ judgement }) => judgement === "unmet")) return "broken";
  if (controls.some(({ judgement }) => judgement === "unclear")) return "inconclusive";
  const ran = (kind: ControlKind) => controls.some((control) => control.kind === kind);
  return ran("positive") && ran("negative") ? "holds" : "inconclusive";
}
