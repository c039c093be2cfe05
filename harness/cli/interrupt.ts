import { InterruptedError, oneLine } from "../support/errors.ts";

const held = new Set<AsyncDisposable>();
let ending: number | undefined;
const interruption = Promise.withResolvers<never>();
interruption.promise.catch(() => {}); // there may be nobody who waits for it

// signal-exit, which execa and proper-lockfile bring in two versions, sends us a signal that it has seen a second time.
const ECHO_MS = 1_000;

/**
 * Keeps something until `work` is done, and lets go of it however that ends: by itself, by an error, or because the user
 * or the system asks us to stop. (For SIGKILL there is the watchdog.)
 */
export async function holding<R extends AsyncDisposable, T>(
  resource: R,
  work: (resource: R) => Promise<T>,
): Promise<T> {
  held.add(resource);
  try {
    const result = await work(resource);
    await letGo(resource);
    return result;
  } catch (error) {
    // What went wrong first is what the user has to know; that it could not be cleared up comes on top.
    if (held.has(resource))
      await letGo(resource).catch((also: Error) => process.stderr.write(`\n${also.message}\n`));
    throw error;
  }
}

/** Waits for ever once we were asked to stop: the signal's own clearing ends the process, and what fails by it is no news. */
export async function unlessEnding(): Promise<void> {
  if (ending !== undefined) await new Promise(() => {});
}

/** Some work, or an InterruptedError as soon as we are asked to stop: whoever shows the work can then show that. */
export function orInterrupted<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, interruption.promise]);
}

async function letGo(resource: AsyncDisposable): Promise<void> {
  await unlessEnding();
  held.delete(resource);
  await resource[Symbol.asyncDispose]();
}

/** Clears up and ends with exit code 130 when asked to stop; a second signal ends at once and leaves it to the watchdog. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending !== undefined) {
        if (performance.now() - ending < ECHO_MS) return;
        process.exit(130);
      }
      ending = performance.now();
      interruption.reject(new InterruptedError(`interrupted by ${signal}`));
      process.stderr.write(`\n${signal}: clearing up\n`);
      Promise.all([...held].map((resource) => resource[Symbol.asyncDispose]()))
        .then(() => process.stderr.write("interrupted; nothing is left behind\n"))
        .catch((error: unknown) =>
          process.stderr.write(`interrupted; clearing up failed: ${oneLine(error)}\n`),
        )
        .finally(() => process.exit(130));
    });
  }
}
