import pRetry from "p-retry";
import { EnvironmentError, oneLine } from "./errors.ts";

/**
 * Asks again and again until an answer is there (neither undefined nor false, and no error), and returns it.
 * An EnvironmentError that names `what` and the last reason after `timeoutMs`.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { timeoutMs = 30_000, everyMs = 150 } = {},
): Promise<T> {
  const attempt = async (): Promise<T> => {
    const answer = await ask();
    if (answer === undefined || answer === false) throw new Error("not yet");
    return answer;
  };
  // p-retry takes a TypeError for a programming error and stops; fetch-like clients throw it for a refused connection.
  const shielded = () =>
    attempt().catch((error: unknown) => Promise.reject(new Error(oneLine(error), { cause: error })));
  const retries = Math.ceil(timeoutMs / everyMs);
  return pRetry(shielded, { retries, factor: 1, minTimeout: everyMs, maxRetryTime: timeoutMs }).catch(
    (cause: unknown) => {
      throw new EnvironmentError(`Waited ${Math.round(timeoutMs / 1000)} s in vain: ${what}.`, {
        found: oneLine(cause),
        cause,
      });
    },
  );
}
