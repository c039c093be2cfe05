import { InterruptedError } from "../support/errors.ts";

const held = new Set<AsyncDisposable>();
let ending: number | undefined;
const interruption = Promise.withResolvers<never>();
interruption.promise.catch(() => {}); // nothing may be waiting for it

// signal-exit, which execa and proper-lockfile bring in two versions, sends us a signal that it has seen a second time.
const ECHO_MS = 1_000;

/**
 * Holds a resource until `work` is done, and disposes of it however that ends: with a result, with an error, or by a
 * signal. (For SIGKILL there is the watchdog.)
 */
export async function holding<R extends AsyncDisposable, T>(
  resource: R,
  work: (resource: R) => Promise<T>,
): Promise<T> {
  held.add(resource);
  try {
    const result = await work(resource);
    await disposeOf(resource);
    return result;
  } catch (error) {
    // The first error is the one that the user has to know; that clearing up failed too is printed before it.
    if (held.has(resource))
      await disposeOf(resource).catch((also: Error) => process.stderr.write(`\n${also.message}\n`));
    throw error;
  }
}

/** Never returns after a signal: its handler clears up and ends the process, and errors that follow from that are not news. */
export async function unlessEnding(): Promise<void> {
  if (ending !== undefined) await new Promise(() => {});
}

/** The result of some work, or an InterruptedError as soon as a signal comes: its progress can then be shown as ended. */
export function orInterrupted<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, interruption.promise]);
}

async function disposeOf(resource: AsyncDisposable): Promise<void> {
  await unlessEnding();
  held.delete(resource);
  await resource[Symbol.asyncDispose]();
}

/** From now on a signal clears up and ends with exit code 130; a second one ends at once and leaves that to the watchdog. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending !== undefined) {
        if (performance.now() - ending < ECHO_MS) return;
        process.exit(130);
      }
      ending = performance.now();
      interruption.reject(new InterruptedError(`interrupted by ${signal}`));
      void clearUp(signal).finally(() => process.exit(130));
    });
  }
}

async function clearUp(signal: string): Promise<void> {
  const resources = [...held];
  process.stderr.write(`\n${signal}: ${resources.length > 0 ? "clearing up" : "stopping"}\n`);
  const disposed = await Promise.allSettled(resources.map((resource) => resource[Symbol.asyncDispose]()));
  const failures = disposed.filter((result) => result.status === "rejected");
  for (const { reason } of failures) process.stderr.write(`${(reason as Error).message}\n`);
  if (resources.length > 0 && failures.length === 0)
    process.stderr.write("interrupted; nothing is left behind\n");
}
