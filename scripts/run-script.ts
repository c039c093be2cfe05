import { reportError } from "../harness/cli/report-error.ts";

/** Runs a script's work; an error is printed, and gives the process its exit code. */
export async function runScript(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.exitCode = reportError(error);
  }
}
