import type { Exchange } from "../probe/outcome.ts";
import type { Refusal } from "../probe/refusals.ts";
import type { ControlKind } from "../results/vocabulary.ts";
import type { Expectation } from "./expectation.ts";

/** One real exchange that a claim rests on, with what it must show. */
export interface Control<Kind extends ControlKind = ControlKind> {
  kind: Kind;
  /** Who does what, in words: "the scheduler reads a Secret". */
  name: string;
  dial: () => Promise<Exchange>;
  expects: Expectation;
  /** Where it runs, of several instances: its name without them, and the nodes that its name ends with. */
  instance?: { of: string; nodes: string[] };
  /** Why no config can make it fail, only another version of what it dials. */
  invariant?: string;
  /** It shows a limit: what is seen where the config closes that. */
  closed?: Expectation;
}

/** A control, or several that run side by side: the same exchange with each instance of a component. */
export type Step<Kind extends ControlKind> = Control<Kind> | readonly Control<Kind>[];

type Steps<Kind extends ControlKind> = readonly Step<Kind>[];
type SomeSteps<Kind extends ControlKind> = readonly [Step<Kind>, ...Step<Kind>[]];

/** The controls of a claim, in the order in which they run. */
export interface Scene {
  works?: Steps<"positive">;
  /** What is read off the live cluster in support of the claim. */
  observed?: Steps<"observation">;
  refused?: Steps<"negative">;
  /** A change that the claim makes, and what must be so once it is made. */
  afterwards?: Afterwards;
}

/** A change of scene: what is changed, in words that complete "after …", the change, and the controls that follow it. */
export interface Afterwards extends Scene {
  what: string;
  change: () => Promise<unknown>;
}

/** At least one positive and one negative control: a claim without both does not compile. */
export type Controls = Scene &
  ({ works: SomeSteps<"positive"> } | { afterwards: { works: SomeSteps<"positive"> } }) &
  ({ refused: SomeSteps<"negative"> } | { afterwards: { refused: SomeSteps<"negative"> } });

/** What an accepted answer must show. */
export interface Shows<T> {
  status?: number;
  /** In words, for the report: "the user is system:kube-scheduler". */
  shows?: string;
  where?: (data: T) => boolean;
}

/** A positive control: the legitimate way works, and the answer shows what it must. */
export function works<T>(
  name: string,
  dial: () => Promise<Exchange<T>>,
  shows?: Shows<NoInfer<T>>,
): Control<"positive"> {
  return { kind: "positive", name, dial, expects: accepted(shows) };
}

/**
 * A negative control that no config can turn red, only another version (Go's checks of certificates, a minimum of the API), so
 * that no mutant can show it red; and why.
 */
export function invariant(control: Control<"negative">, why: string): Control<"negative"> {
  return { ...control, invariant: why };
}

/**
 * A control that shows the weakness of a claim with a `limit`, and what is seen where the cluster's config closes it: the
 * refusal of what else is let in, or the answer to what else is refused. The claim needs controls that are met either way.
 */
export function limit<Kind extends "positive" | "negative">(
  open: Control<Kind>,
  closed: Refusal | Shows<unknown>,
): Control<Kind> {
  return { ...open, closed: "layer" in closed ? { kind: "refused", ...closed } : accepted(closed) };
}

/** An observation: what is read off the live cluster (a process, a socket, a certificate) shows what it must. */
export function observed<T>(
  name: string,
  dial: () => Promise<Exchange<T>>,
  shows: Shows<NoInfer<T>>,
): Control<"observation"> {
  return { kind: "observation", name, dial, expects: accepted(shows) };
}

/** A negative control: the wrong way is refused by the expected layer, in the expected way. */
export function refused(name: string, dial: () => Promise<Exchange>, by: Refusal): Control<"negative"> {
  return { kind: "negative", name, dial, expects: { kind: "refused", ...by } };
}

function accepted<T>({ where, ...rest }: Shows<T> = {}): Expectation {
  return { kind: "accepted", ...rest, ...(where && { where: (data: unknown) => where(data as T) }) };
}
