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

const recording = new AsyncLocalStorage<Touch[]>();

/** Notes a change that is about to be made, for the claim in whose course it is made. */
export function touch(touches: Touches, what: string): void {
  recording.getStore()?.push({ touches, what });
}

/** Does some work and notes into `touches` what it and all that it starts changes. */
export function recordingTouches<T>(touches: Touch[], work: () => Promise<T>): Promise<T> {
  return recording.run(touches, work);
}

/** The first change that touches more than was declared; undefined where there is none. */
export function exceeding(declared: Touches, touches: readonly Touch[]): Touch | undefined {
  return touches.find((seen) => TOUCHES.indexOf(seen.touches) > TOUCHES.indexOf(declared));
}
