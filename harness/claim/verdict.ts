import type { Judgement } from "./expectation.ts";

/** A control that ran, as far as the verdict is concerned. */
export interface JudgedControl {
  kind: "positive" | "negative";
  judgement: Judgement;
}

/**
 * The verdict over the controls that really ran. `holds` needs a positive and a negative one, all as expected; one that
 * was not is `broken`, whatever else happened; a failure of the environment leaves the question open.
 */
export function verdictOf(controls: readonly JudgedControl[]): "holds" | "broken" | "inconclusive" {
  if (controls.some(({ judgement }) => judgement === "unmet")) return "broken";
  if (controls.some(({ judgement }) => judgement === "unclear")) return "inconclusive";
  const ran = (kind: string) => controls.some((control) => control.kind === kind);
  return ran("positive") && ran("negative") ? "holds" : "inconclusive";
}
