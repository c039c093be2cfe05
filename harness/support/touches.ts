import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What a claim changes on the cluster, each more than the one before: nothing; objects of its own, which it creates and
 * deletes; something that was there before, which it restores; files, processes, sockets or packet rules of a node.
 */
export const TOUCHES = ["nothing", "own-objects", "cluster", "node"] as const;

export type Touches = (typeof TOUCHES)[number];

/** A change that was seen: how much it touches, and what it was, in words. */
export interface Touch {
  touches: Touches;
  what: string;
}

/** The course of a claim: what it has changed so far, and the end of its time. */
interface Course {
  touches: Touch[];
  signal: AbortSignal;
}

const course = new AsyncLocalStorage<Course>();

/**
 * Notes a change that is about to be made, for the claim in whose course it is made. Throws where that claim's time is up:
 * then it may change nothing any more.
 */
export function touch(touches: Touches, what: string): void {
  const current = course.getStore();
  current?.signal.throwIfAborted();
  current?.touches.push({ touches, what });
}

/** Does some work and notes into `touches` what it and all that it starts changes, until `signal` ends its time. */
export function recordingTouches<T>(
  touches: Touch[],
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  return course.run({ touches, signal }, work);
}

/** What ends the time of the claim in whose course this is asked; undefined outside of one. */
export function endOfTime(): AbortSignal | undefined {
  return course.getStore()?.signal;
}

/** Does some work as part of no claim: what takes back a claim's changes is bound to no time of its. */
export function outsideClaims<T>(work: () => Promise<T>): Promise<T> {
  return course.exit(work);
}

/** The first change that touches more than was declared; undefined where there is none. */
export function exceeding(declared: Touches, touches: readonly Touch[]): Touch | undefined {
  return touches.find((seen) => TOUCHES.indexOf(seen.touches) > TOUCHES.indexOf(declared));
}
