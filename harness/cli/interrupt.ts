import { constants } from "node:os";
import { oneLine } from "../errors.ts";

const held = new Set<AsyncDisposable>();
let ending = false;

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
    if (ending) await new Promise(() => {}); // the signal's own clearing ends the process
    await resource[Symbol.asyncDispose]();
    held.delete(resource);
  }
}

/** Clears up and ends with exit code 130 when asked to stop; a second signal ends at once and leaves it to the watchdog. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending) process.exit(128 + constants.signals[signal]);
      ending = true;
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
