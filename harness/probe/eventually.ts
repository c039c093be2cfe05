import { until } from "../support/until.ts";
import type { Exchange } from "./outcome.ts";

const PATIENCE_MS = 5_000;

/**
 * Asks until the answer is accepted, or for 5 s; the last answer counts. The authorizers and admission plugins of the API
 * server learn by watches of a pod or a rule that has just been made, some milliseconds late.
 */
export function eventuallyAccepted<T>(ask: () => Promise<Exchange<T>>): Promise<Exchange<T>> {
  return eventually(ask, ({ outcome }) => outcome.kind === "accepted");
}

/**
 * Asks until the answer is a refusal, or for so long (5 s unless given); the last answer counts. Each API server learns of a
 * deletion by its own watch, some milliseconds late, and believes a token that it has once accepted for 10 s: `ask` comes
 * with a token of its own each time, or is given more than these 10 s (`AFTER_TOKEN_CACHE`).
 */
export function eventuallyRefused<T>(
  ask: () => Promise<Exchange<T>>,
  { timeoutMs = PATIENCE_MS } = {},
): Promise<Exchange<T>> {
  return eventually(ask, ({ outcome }) => outcome.kind === "refused", timeoutMs);
}

/** Longer than an API server believes a token (k8s.io/apiserver, authentication/token/cache: success TTL of 10 s). */
export const AFTER_TOKEN_CACHE = { timeoutMs: 15_000 };

/**
 * Asks until an accepted answer shows something, or for so long (10 s unless given); the last answer counts, and its control
 * judges it: that something does not come about is an answer as well.
 */
export function untilShown<T>(
  ask: () => Promise<Exchange<T>>,
  shows: (data: T) => boolean,
  { timeoutMs = 10_000 } = {},
): Promise<Exchange<T>> {
  return eventually(ask, ({ outcome }) => outcome.kind === "accepted" && shows(outcome.data), timeoutMs);
}

async function eventually<T>(
  ask: () => Promise<Exchange<T>>,
  wanted: (exchange: Exchange<T>) => boolean,
  timeoutMs = PATIENCE_MS,
): Promise<Exchange<T>> {
  const last: Exchange<T>[] = [];
  const asked = async () => {
    last[0] = await ask();
    return wanted(last[0]) && last[0];
  };
  return until("an answer", asked, { timeoutMs, everyMs: 100 }).catch((error: unknown) => {
    if (last[0]) return last[0];
    throw error;
  });
}
