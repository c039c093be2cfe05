import pRetry from "p-retry";
import { EnvironmentError, oneLine } from "./errors.ts";
import { endOfTime } from "./touches.ts";

export interface Patience {
  /** When it gives up, in ms. */
  timeoutMs?: number;
  /** How long it pauses between two questions, in ms. */
  everyMs?: number;
  /** Ends the waiting early; what is thrown then is the signal's reason. Unless given, the end of the claim's time. */
  signal?: AbortSignal;
}

/**
 * Asks again and again until an answer is there (neither undefined nor false, and no error), and returns it.
 * An EnvironmentError that names `what` ("the kubelet to be healthy") and the last reason after `timeoutMs`.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { timeoutMs = 30_000, everyMs = 150, signal = endOfTime() }: Patience = {},
): Promise<T> {
  const attempt = async (): Promise<T> => {
    const answer = await ask();
    if (answer === undefined || answer === false) throw new Error("not yet");
    return answer;
  };
  // p-retry takes a TypeError for a programming error and stops; fetch-like clients throw it for a refused connection.
  const shielded = () =>
    attempt().catch((error: unknown) => Promise.reject(new Error(oneLine(error), { cause: error })));
  return pRetry(shielded, {
    retries: Math.ceil(timeoutMs / everyMs),
    factor: 1,
    minTimeout: everyMs,
    maxRetryTime: timeoutMs,
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new EnvironmentError(`Timed out after ${Math.round(timeoutMs / 1000)} s waiting for ${what}.`, {
      found: oneLine(cause),
      cause,
    });
  });
}
