import { inject, test } from "vitest";
import { Cluster, type ClusterFacts } from "../cluster/cluster.ts";
import { Lab } from "../lab/lab.ts";
import { RunScope } from "../lab/run-scope.ts";
import { describeObserved } from "../results/describe.ts";
import type { ClaimResult } from "../results/schema.ts";
import { newSecrets, redactAll, type Secret } from "../support/secrets/registry.ts";
import type { Documentation } from "./documented.ts";
import type { Exposure } from "./exposure.ts";
import { Gate, type Turn } from "./gate.ts";
import { runClaim } from "./run.ts";
import { type ClaimBody, type ClaimSpec, channelOf } from "./spec.ts";

/** What a run gives to its claims. */
export interface RunSetup {
  /** Different for every run: what a claim made or read for an earlier run is not used again. */
  run: string;
  facts: ClusterFacts;
  /** The known exposures of this cluster, by claim id. */
  exposures: Record<string, Exposure>;
}

/** A claim as the catalogue lists it. */
export interface CatalogueEntry {
  id: string;
  says: string;
  documented: Documentation;
  versions?: string;
  outdated?: { since: string; now: string };
  /** It states a limit of the design: what closes that. */
  limit?: { closedBy: string };
}

declare module "vitest" {
  interface ProvidedContext {
    planeproof: RunSetup;
    /** The suites' files, and how often some were loaded before. */
    suites: { load: number; files: string[] };
  }
  interface TaskMeta {
    entry?: CatalogueEntry;
    result?: ClaimResult;
    /** What the claims have made and read since the last one ended: the process that writes evidence must know it. */
    secrets?: Secret[];
  }
}

// When the process that holds the lease dies, its watchdog clears up: nothing may be made behind its back.
process.once("disconnect", () => process.exit(1));

let current: { run: string; bench: RunScope } | undefined;
const gate = new Gate();

/**
 * States a claim: its id (`channel/slug`), what it says, and the exchanges that prove it, at least one that must work and
 * one that must be refused. The claim fails its test when its verdict is not the one expected on this cluster.
 */
export function claim(id: string, spec: ClaimSpec, body: ClaimBody): void {
  channelOf(id); // a malformed id keeps its suite from loading, instead of showing in a run
  const { preconditions: _, exclusive: __, outdated, ...stated } = spec;
  const entry = { ...stated, ...(outdated && { outdated: { since: outdated.since, now: outdated.now } }) };
  test(id, { meta: { entry: { id, ...entry } }, concurrent: true }, async ({ task }) => {
    const { run, facts, exposures } = inject("planeproof");
    if (current?.run !== run) current = { run, bench: new RunScope(new Cluster(facts)) };
    const lab = new Lab(current.bench);
    const result = redactAll(
      await gate.pass(turnOf(spec), () => runClaim(id, spec, body, lab, exposures[id])),
    );
    task.meta.secrets = newSecrets();
    task.meta.result = result;
    if (!result.asExpected) throw new Error(failure(result));
  });
}

/** Claims that change something wait for what follows from it, and others use the processor meanwhile. */
function turnOf({ exclusive, touches }: ClaimSpec): Turn {
  if (exclusive) return "alone";
  return touches === "nothing" ? "late" : "early";
}

function failure({ id, verdict, expected, reason, controls }: ClaimResult): string {
  const seen = controls
    .filter(({ ok }) => !ok)
    .map(
      ({ name, as, from, to, observed }) =>
        `  ${name}\n    ${as}, from ${from} to ${to}\n    ${describeObserved(observed)}`,
    );
  return [`${id} is ${verdict}, expected: ${expected}${reason ? ` (${reason})` : ""}`, ...seen].join("\n");
}
