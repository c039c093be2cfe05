import type { Report } from "../results/schema.ts";

/** `report.json`: the report itself, for other tools. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
