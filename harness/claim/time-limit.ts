const LIMIT_MS = 120_000;
// Longer than a dial waits for its answer (harness/node, harness/probe): what is under way at the end of the time ends in it.
const GRACE_MS = 45_000;

/** How some work went. */
export interface Ended<T> {
  value?: T;
  error?: unknown;
  /** It goes on after its time and its grace: what it will still do is not known. */
  goesOn: boolean;
}

/**
 * Does some work that may take two minutes. Then `signal` aborts, which ends waits and forbids changes (support/touches.ts),
 * and the work has 45 s to end by that. Never throws.
 */
export async function timeLimited<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Ended<T>> {
  const time = new AbortController();
  const ending = work(time.signal).then(
    (value): Ended<T> => ({ value, goesOn: false }),
    (error: unknown): Ended<T> => ({ error, goesOn: false }),
  );
  const inTime = await within(LIMIT_MS, ending);
  if (inTime) return inTime;
  const error = new Error(`not done after ${LIMIT_MS / 1000} s`);
  time.abort(error);
  const late = await within(GRACE_MS, ending);
  return { error, goesOn: late === undefined };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
