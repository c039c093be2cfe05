import type { Lab } from "../lab/lab.ts";
import { observation } from "../probe/observation.ts";
import type { Exchange, Outcome } from "../probe/outcome.ts";
import type { ClaimResult, ControlResult, Observed } from "../results/schema.ts";
import type { ControlKind } from "../results/vocabulary.ts";
import { oneLine } from "../support/errors.ts";
import { exceeding, recordingTouches, type Touch } from "../support/touches.ts";
import { LeftBehindError } from "../support/undo.ts";
import { conclusion, type Exercise, type RanControl } from "./conclusion.ts";
import { type Control, type Controls, observed, type Step } from "./control.ts";
import { type Expectation, judge } from "./expectation.ts";
import type { Exposure } from "./exposure.ts";
import { type ClaimBody, type ClaimSpec, channelOf } from "./spec.ts";
import { timeLimited } from "./time-limit.ts";

/** So many controls of one step run at a time: the same exchange on each of many nodes is mostly waiting. */
const SIDE_BY_SIDE = 8;

/** Runs a claim on a cluster: preconditions, scene, positive controls, negative controls, verdict. Never throws. */
export async function runClaim(
  id: string,
  spec: ClaimSpec,
  body: ClaimBody,
  lab: Lab,
  exposure: Exposure | undefined,
): Promise<ClaimResult> {
  const started = performance.now();
  const outcome = await exercise(spec, body, lab);
  const outdated = !outcome.missing && (await isOutdated(spec, lab));
  const { verdict, expected, reason } = conclusion(outcome, {
    ...spec,
    outdated: outdated && spec.outdated,
    exposure,
  });
  const { leftBehind = [] } = outcome;
  const left = leftBehind.length > 0 ? `left behind: ${leftBehind.join("; ")}` : undefined;
  if (left && spoils(spec, outcome)) lab.scope.unusable = `the cluster is used no further: ${id} ${left}`;
  const reasons = [reason, left].filter(Boolean);
  return {
    id,
    channel: channelOf(id),
    says: spec.says,
    documented: spec.documented,
    touches: spec.touches,
    ...(spec.limit && { limit: spec.limit.closedBy }),
    verdict,
    expected,
    ...(outcome.missing && { missing: outcome.missing }),
    asExpected: verdict === expected,
    ...(reasons.length > 0 && { reason: reasons.join("; ") }),
    ...(left && { leftBehind }),
    ms: Math.round(performance.now() - started),
    controls: outcome.controls.map(({ result }) => result),
  };
}

async function isOutdated({ outdated }: ClaimSpec, lab: Lab): Promise<boolean> {
  if (!outdated || !lab.cluster.version.atLeast(outdated.since)) return false;
  return !(await outdated.unless?.(lab).catch(() => false));
}

/** What keeps the claim from being begun; undefined where nothing does. */
async function unmetPrecondition(spec: ClaimSpec, lab: Lab): Promise<Exercise | undefined> {
  if (spec.versions && !lab.cluster.version.inRange(spec.versions)) {
    const reason = `speaks of Kubernetes ${spec.versions}, and this is ${lab.cluster.version.text}`;
    return { controls: [], reason, missing: "cluster" };
  }
  for (const need of spec.preconditions ?? []) {
    if (await need.met(lab.cluster, lab.scope)) continue;
    if (need.expected?.(lab.cluster)) return { controls: [await absent(need.what, lab)] };
    return {
      controls: [],
      reason: `needs ${need.what}`,
      missing: need.environment ? "environment" : "cluster",
    };
  }
  return undefined;
}

/** A claim's own subject is gone, though the cluster was booted with it: that is an observation, and breaks the claim. */
function absent(what: string, lab: Lab): Promise<RanControl> {
  const look = async () =>
    observation(lab.node, "the cluster", false, "none, though the cluster was booted with it");
  return runControl(observed(what, look, { shows: "that it is there", where: (there) => there }));
}

/** Runs a claim to its real end, and takes back what it changed: the next one starts on the cluster as it was before. */
async function exercise(spec: ClaimSpec, body: ClaimBody, lab: Lab): Promise<Exercise> {
  if (lab.scope.unusable !== undefined) return { controls: [], reason: lab.scope.unusable };
  const controls: RanControl[] = [];
  const touches: Touch[] = [];
  const { value, error, goesOn } = await timeLimited((signal) =>
    recordingTouches(touches, signal, async (): Promise<Exercise> => {
      const unmet = await unmetPrecondition(spec, lab);
      if (unmet) return unmet;
      await runScene(await body(lab), { controls, signal });
      return { controls, ...undeclared(spec, touches) };
    }),
  );
  const leftBehind = await leftBy(lab);
  if (goesOn) leftBehind.push("its work, which goes on after its time was up");
  const ended = value ?? { controls, reason: `the claim threw: ${oneLine(error)}` };
  return leftBehind.length > 0 ? { ...ended, leftBehind, goesOn } : ended;
}

/** Runs the cleanups of a claim; what could not be undone, each with its reason. */
async function leftBy(lab: Lab): Promise<string[]> {
  try {
    await lab.close();
    return [];
  } catch (error) {
    return error instanceof LeftBehindError ? error.left : [oneLine(error)];
  }
}

/** Whether what a claim left behind may change what the next ones see. Objects of its own do not. */
function spoils({ touches }: ClaimSpec, { goesOn = false }: Exercise): boolean {
  return goesOn || touches === "cluster" || touches === "node";
}

/** A claim that changes more than it says is at fault, even where its controls were met. */
function undeclared({ touches: declared }: ClaimSpec, touches: Touch[]): { reason?: string } {
  const more = exceeding(declared, touches);
  return more
    ? { reason: `says that it touches ${declared}, and touches ${more.touches}: ${more.what}` }
    : {};
}

/** The controls that ran so far, and the end of their time: one that was under way at that moment says nothing. */
interface Course {
  controls: RanControl[];
  signal: AbortSignal;
}

/** Runs the controls of a scene in their order, then its change and what follows it. */
async function runScene(scene: Controls, course: Course, after?: string): Promise<void> {
  const { works = [], observed = [], refused = [], afterwards } = scene;
  for (const step of [...works, ...observed, ...refused]) await runStep(step, course, after);
  if (!afterwards) return;
  await afterwards.change();
  await runScene(afterwards as Controls, course, afterwards.what);
}

async function runStep(step: Step<ControlKind>, course: Course, after?: string): Promise<void> {
  const controls = [step].flat();
  for (let first = 0; first < controls.length; first += SIDE_BY_SIDE) {
    course.signal.throwIfAborted();
    const some = controls.slice(first, first + SIDE_BY_SIDE);
    const ran = await Promise.all(some.map((control) => runControl(control, after)));
    course.signal.throwIfAborted();
    course.controls.push(...ran);
  }
}

async function runControl(control: Control, after?: string): Promise<RanControl> {
  const { name, instance, invariant, dial } = control;
  const started = performance.now();
  const { outcome, ...exchange } = await dial().catch(
    (error: unknown): Exchange => ({
      vantage: "host",
      from: "host",
      to: "nowhere",
      as: "nobody",
      outcome: { kind: "failed", reason: oneLine(error) },
    }),
  );
  const { kind, expects, limit } = asSeen(control, outcome);
  const judgement = judge(expects, outcome);
  return {
    kind,
    judgement,
    ...(limit && { limit }),
    result: {
      name,
      kind,
      ...(instance && { instance }),
      ...(invariant && { invariant }),
      ...(after && { after }),
      ...exchange,
      expected: reported(expects),
      observed: withoutData(outcome),
      ok: judgement === "met",
      ms: Math.round(performance.now() - started),
    },
  };
}

/** A control that shows a limit counts as one of the other kind where the limit is closed. */
function asSeen(
  { kind, expects, closed }: Control,
  outcome: Outcome,
): Pick<Control, "kind" | "expects"> & Pick<RanControl, "limit"> {
  if (!closed) return { kind, expects };
  if (judge(closed, outcome) !== "met") return { kind, expects, limit: "open" };
  return { kind: kind === "positive" ? "negative" : "positive", expects: closed, limit: "closed" };
}

function withoutData(outcome: Outcome): Observed {
  if (outcome.kind !== "accepted") return outcome;
  const { data: _, ...observed } = outcome;
  return observed;
}

function reported(expects: Expectation): ControlResult["expected"] {
  if (expects.kind === "refused") {
    const { reason, ...rest } = expects;
    return { ...rest, ...(reason && { reason: reason.source }) };
  }
  const { where: _, ...rest } = expects;
  return rest;
}
