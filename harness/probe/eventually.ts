import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "./outcome.ts";

const PATIENCE_MS = 5_000;

/**
 * Asks until the answer is accepted, or for 5 s; the last answer counts. The authorizers and admission plugins of the API
 * server learn by watches of a pod or a rule that has just been made, some milliseconds late.
 */
export function eventuallyAccepted(ask: () => Promise<Exchange>): Promise<Exchange> {
  return soon("accepted", ask);
}

/**
 * Asks until the answer is a refusal, or for 5 s; the last answer counts. The API server learns of a deletion by its
 * watches, some milliseconds late, and believes a token that it has once accepted for 10 s: `ask` has to come with a token
 * of its own each time.
 */
export function eventuallyRefused(ask: () => Promise<Exchange>): Promise<Exchange> {
  return soon("refused", ask);
}

async function soon(wanted: "accepted" | "refused", ask: () => Promise<Exchange>): Promise<Exchange> {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    const exchange = await ask();
    if (exchange.outcome.kind === wanted || Date.now() > patience) return exchange;
    await sleep(100);
  }
}
