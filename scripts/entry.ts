import { PlaneproofError } from "../harness/support/errors.ts";

/** Runs a script's work and ends the process as its error asks: what we know how to word as text, the rest with its stack. */
export async function entry(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error instanceof PlaneproofError ? error.message : (error as Error).stack}\n`);
    process.exitCode = error instanceof PlaneproofError ? error.exitCode : 3;
  }
}
