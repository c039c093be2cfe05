import { findEngine } from "../../engine/engine.ts";
import { renderFindings } from "./finding.ts";
import { inspectMachine } from "./inspect.ts";

/** Prints what this machine has for clusters. Returns 3 where no engine answers, as a boot would. */
export async function doctor(): Promise<number> {
  process.stdout.write(`${renderFindings(await inspectMachine())}\n`);
  return (await findEngine()) ? 0 : 3;
}
