import { oneLine } from "../errors.ts";

const held = new Set<AsyncDisposable>();
let ending: number | undefined;

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
    return await work(resource);
  } finally {
    if (ending !== undefined) await new Promise(() => {}); // the signal's own clearing ends the process
    await resource[Symbol.asyncDispose]();
    held.delete(resource);
  }
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
