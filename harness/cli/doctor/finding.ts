/** One property of the machine: its name, its value, and what that means for the user ("" where nothing). */
export interface Finding {
  what: string;
  found: string;
  means: string;
}

/** The findings as a table with aligned columns, a line each; an empty string for none. */
export function renderFindings(findings: Finding[]): string {
  const width = (column: "what" | "found") =>
    Math.max(0, ...findings.map((finding) => finding[column].length));
  const [what, found] = [width("what"), width("found")];
  const row = (one: Finding) =>
    `${one.what.padEnd(what)}  ${one.found.padEnd(found)}  ${one.means}`.trimEnd();
  return findings.map(row).join("\n");
}
