import { ApiException } from "@kubernetes/client-node";
import type { Outcome } from "../probe/outcome.ts";
import type { Undo } from "../support/undo.ts";
import { until } from "../support/until.ts";

// An API server that is busy, or just restarts, is asked again.
const PATIENCE_MS = 10_000;
const ANSWER_MS = 20_000;

/**
 * Undoes something that a claim did. A failure that passes is waited for; an object that is not there (404) is undone.
 * Throws where it is not undone, also where the undo is an exchange that was refused.
 */
export async function undone(undo: Undo): Promise<void> {
  const attempt = async () => {
    const failure = failureOf(await answered(undo()).catch(gone));
    if (failure !== undefined) throw new Error(failure);
    return true;
  };
  await until("it to be undone", attempt, { timeoutMs: PATIENCE_MS, everyMs: 250 }).catch((error: Error) => {
    throw error.cause ?? error; // why it is not undone says more than how long it was tried
  });
}

/** client-node waits for an answer without an end. */
async function answered<T>(undoing: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), ANSWER_MS);
  });
  return Promise.race([undoing, late]).finally(() => clearTimeout(timer));
}

function gone(error: unknown): undefined {
  if (error instanceof ApiException && error.code === 404) return undefined;
  throw error;
}

/** Why an exchange has undone nothing; undefined for one that has, and for what is no exchange. */
function failureOf(result: unknown): string | undefined {
  const { outcome } = (result ?? {}) as { outcome?: Outcome };
  if (outcome === undefined || outcome.kind === "accepted") return undefined;
  return outcome.kind === "refused" && outcome.status === 404 ? undefined : outcome.reason;
}
