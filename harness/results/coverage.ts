import { describeControl } from "./describe.ts";
import type { ClaimResult, ControlCoverage, ControlResult, MutantResult } from "./schema.ts";

/** A control's name on whichever node it runs: `a client shows no certificate`. */
export function controlName({ name, instance, after }: ControlResult): string {
  return describeControl({ name: instance?.of ?? name, ...(after === undefined ? {} : { after }) });
}

/** What stands behind a control: a mutant turned it red, none can, or nothing yet. */
export type Proof = "killed" | "invariant" | "neither";

export function proofOf({ killedBy, invariant }: ControlCoverage): Proof {
  if (killedBy.length > 0) return "killed";
  return invariant === undefined ? "neither" : "invariant";
}

/** The negative controls of claims that were run unsabotaged, each once, with the mutants that turned it red. */
export function coverageOf(
  claims: readonly ClaimResult[],
  mutants: readonly MutantResult[],
): ControlCoverage[] {
  const found = new Map<string, ControlCoverage>();
  for (const { id, controls } of claims) {
    for (const control of controls.filter(({ kind }) => kind === "negative")) {
      const name = controlName(control);
      const killedBy = mutants
        .filter(({ kills = [] }) => kills.some((kill) => kill.claim === id && kill.control === name))
        .map((mutant) => mutant.id);
      const { invariant } = control;
      found.set(`${id} ${name}`, {
        claim: id,
        control: name,
        killedBy,
        ...(invariant !== undefined && { invariant }),
      });
    }
  }
  return [...found.values()].sort((a, b) => a.claim.localeCompare(b.claim));
}

/** `251 negative controls: 230 killed, 21 invariant, 0 neither` */
export function coverageInWords(coverage: readonly ControlCoverage[]): string {
  const count = (proof: Proof) => coverage.filter((control) => proofOf(control) === proof).length;
  const parts = (["killed", "invariant", "neither"] as const).map((proof) => `${count(proof)} ${proof}`);
  return `${coverage.length} negative controls: ${parts.join(", ")}`;
}
