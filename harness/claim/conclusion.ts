import { describeObserved } from "../results/describe.ts";
import type { ControlResult } from "../results/schema.ts";
import type { Missing, Verdict } from "../results/vocabulary.ts";
import { type Exposure, isExposed } from "./exposure.ts";
import type { ClaimSpec } from "./spec.ts";
import { type JudgedControl, verdictOf } from "./verdict.ts";

/** A control that ran, with what the report says of it. */
export interface RanControl extends JudgedControl {
  result: ControlResult;
  /** Where it shows a limit: whether the server lets it. */
  limit?: "open" | "closed";
}

/** What came of running a claim. */
export interface Exercise {
  controls: RanControl[];
  /** Why the claim could not be brought to its end. */
  reason?: string | undefined;
  /** It was not even begun: a precondition of this sort is missing. */
  missing?: Missing;
  /** What it changed and could not undo. */
  leftBehind?: string[];
  /** Its work goes on, although its time is up. */
  goesOn?: boolean;
}

/** What is known of the claim on this cluster, besides what its controls saw. */
export interface Circumstances extends Pick<ClaimSpec, "limit"> {
  /** What replaced its sentence, where that is not true any more. */
  outdated?: { now: string } | false | undefined;
  exposure?: Exposure | undefined;
}

export interface Conclusion {
  verdict: Verdict;
  expected: Verdict;
  reason?: string | undefined;
}

/** The verdict over an exercise, the one that was to be expected, and why. */
export function conclusion(exercise: Exercise, circumstances: Circumstances): Conclusion {
  const { reason, missing } = exercise;
  if (missing) return { verdict: "not-exercised", expected: "not-exercised", reason };
  const verdict = finalVerdict(exercise, circumstances);
  const expected = expectedVerdict(verdict, exercise, circumstances);
  return { verdict, expected, reason: reason ?? why({ verdict, expected }, exercise, circumstances) };
}

function finalVerdict(
  { controls, reason, leftBehind }: Exercise,
  { limit, outdated }: Circumstances,
): Verdict {
  const verdict = verdictOf(controls);
  if (verdict === "broken") return "broken";
  if (reason !== undefined || leftBehind !== undefined) return "inconclusive";
  if (verdict !== "holds") return verdict;
  const limits = controls.flatMap((control) => control.limit ?? []);
  if (limit && limits.length > 0 && !limits.includes("open")) return "closed";
  return outdated ? "outdated" : "holds";
}

/** A limit may be closed, and a known exposure is broken by its own controls: with another one unmet, that is not expected. */
function expectedVerdict(
  verdict: Verdict,
  { controls }: Exercise,
  { outdated, exposure }: Circumstances,
): Verdict {
  if (verdict === "closed") return "closed";
  const unmet = controls.filter(({ judgement }) => judgement !== "met");
  if (exposure && unmet.every(({ result }) => isExposed(result, exposure))) return "broken";
  return outdated ? "outdated" : "holds";
}

function why(
  { verdict, expected }: Conclusion,
  { controls }: Exercise,
  { outdated, exposure }: Circumstances,
): string | undefined {
  if (verdict === "outdated") return outdated ? outdated.now : undefined;
  if (verdict === "broken" && expected === "broken") return exposure?.reason;
  const closed = controls.find(({ limit }) => limit === "closed");
  if (closed && verdict === "closed") return `this cluster closes the limit: ${inWords(closed)}`;
  if (closed && verdict === "holds") return `this cluster closes the limit in part: ${inWords(closed)}`;
  if (verdict === "holds") return exposure && `a known exposure that is closed here: ${exposure.reason}`;
  const wanted = verdict === "broken" ? "unmet" : "unclear";
  const failed = controls
    .filter(({ judgement }) => judgement === wanted)
    .find(({ result }) => !exposure || !isExposed(result, exposure));
  return failed && inWords(failed);
}

function inWords({ result }: RanControl): string {
  return `${result.name}: ${describeObserved(result.observed)}`;
}
