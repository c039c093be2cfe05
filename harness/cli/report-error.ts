import { oneLine, PlaneproofError } from "../support/errors.ts";
import { redact } from "../support/secrets/registry.ts";

/** Prints what went wrong, and returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof PlaneproofError) {
    process.stderr.write(`\nplaneproof: ${redact(error.message)}\n`);
    return error.exitCode;
  }
  if ((error as NodeJS.ErrnoException).code === "ENOSPC") {
    process.stderr.write(
      `\nplaneproof: The disk is full.\n  found:    ${redact(oneLine(error))}\n  what now: make room, and run again\n`,
    );
    return 3;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`\nplaneproof: unexpected error: ${redact(oneLine(error))}\n${redact(stack ?? "")}\n`);
  return 3;
}
