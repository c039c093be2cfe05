import type { Report } from "../results/schema.ts";
import { summarise } from "../results/summary.ts";
import { TOOL } from "./version.ts";

/** What a report is made of, besides what follows from it. */
interface Parts extends Pick<Report, "channels" | "runs" | "mutants" | "coverage"> {
  startedAt: Date;
}

/** The report of what ran until now. */
export function reportOf({ startedAt, ...parts }: Parts): Report {
  return {
    schema: 1,
    tool: TOOL,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    ...parts,
    summary: summarise(parts.runs),
  };
}
