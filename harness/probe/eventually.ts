import { until } from "../support/until.ts";
import type { Exchange } from "./outcome.ts";

const PATIENCE_MS = 5_000;

/**
 * Asks until the answer is accepted, or for 5 s; the last answer counts. The authorizers and admission plugins of the API
 * server learn by watches of a pod or a rule that has just been made, some milliseconds late.
 */
export function eventuallyAccepted<T>(ask: () => Promise<Exchange<T>>): Promise<Exchange<T>> {
  return eventually("accepted", ask);
}

/**
 * Asks until the answer is a refusal, or for 5 s; the last answer counts. The API server learns of a deletion by its
 * watches, some milliseconds late, and believes a token that it has once accepted for 10 s: `ask` has to come with a token
 * of its own each time.
 */
export function eventuallyRefused<T>(ask: () => Promise<Exchange<T>>): Promise<Exchange<T>> {
  return eventually("refused", ask);
}

/** Asks until the answer is of that kind, or for 5 s; the last answer counts. */
async function eventually<T>(
  wanted: "accepted" | "refused",
  ask: () => Promise<Exchange<T>>,
): Promise<Exchange<T>> {
  const last: Exchange<T>[] = [];
  const asked = async () => {
    last[0] = await ask();
    return last[0].outcome.kind === wanted && last[0];
  };
  return until(`an answer that is ${wanted}`, asked, { timeoutMs: PATIENCE_MS, everyMs: 100 }).catch(
    (error: unknown) => {
      if (last[0]) return last[0];
      throw error;
    },
  );
}
