import type { ClaimResult } from "../harness/results/schema.ts";
import type { Judgement } from "./field-case.ts";

/** What a run of `planeproof verify` gave. */
export interface Outcome {
  exitCode: number | undefined;
  /** Its stderr. */
  said: string;
  /** The claims of its report; none where it wrote none. */
  claims: Pick<ClaimResult, "id" | "channel" | "verdict" | "asExpected" | "reason">[];
}

/** What is wrong about a run, a line each; nothing where the config was judged right. */
export function faultsOf(judgement: Judgement, outcome: Outcome): string[] {
  const exitCode = { ok: 0, broken: 1, error: "exitCode" in judgement ? judgement.exitCode : 2 }[
    judgement.kind
  ];
  const faults = judgement.kind === "error" ? [] : faultsInClaims(judgement, outcome.claims);
  if (outcome.exitCode !== exitCode) {
    // Where claims say it already, planeproof's last words are only the report's table.
    const words = faults.length > 0 ? "" : `: ${message(outcome.said)}`;
    return [`exit code ${outcome.exitCode} instead of ${exitCode}${words}`, ...faults];
  }
  if (judgement.kind !== "error") return faults;
  const missing = judgement.words.filter((word) => !message(outcome.said).includes(word));
  return missing.map((word) => `the message does not say "${word}": ${message(outcome.said)}`);
}

function faultsInClaims(judgement: Exclude<Judgement, { kind: "error" }>, claims: Outcome["claims"]) {
  const where = judgement.kind === "broken" ? judgement.where : [];
  const names = (place: string, { id, channel }: (typeof claims)[number]) =>
    place === id || place === channel;
  const surprising = claims.filter(({ asExpected }) => !asExpected);
  const broken = surprising.filter(({ verdict }) => verdict === "broken");
  const others = surprising.filter(
    (claim) => claim.verdict !== "broken" || !where.some((place) => names(place, claim)),
  );
  return [
    ...where
      .filter((place) => !broken.some((claim) => names(place, claim)))
      .map((place) => `${place} is not broken`),
    ...others.map(({ id, verdict, reason = "" }) => `${id} is ${verdict}: ${reason}`),
  ];
}

/** planeproof's error message, without the progress before it. */
function message(said: string): string {
  const at = said.lastIndexOf("\nplaneproof: ");
  return said.slice(at < 0 ? -600 : at).trim();
}
