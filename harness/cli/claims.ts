import type { CatalogueEntry } from "../claim/claim.ts";
import { ClaimRunner } from "../claim/runner.ts";
import { ROOT } from "./paths.ts";

/** Prints the catalogue: as lines, as a Markdown table, or as JSON. */
export async function claims({ markdown, json }: { markdown?: boolean; json?: boolean }): Promise<number> {
  await using runner = await ClaimRunner.start(ROOT);
  const catalogue = await runner.catalogue();
  const text = json
    ? `${JSON.stringify(catalogue, null, 2)}\n`
    : markdown
      ? markdownTable(catalogue)
      : lines(catalogue);
  process.stdout.write(text);
  return 0;
}

/** The claims as a Markdown table. */
export function markdownTable(catalogue: CatalogueEntry[]): string {
  const rows = catalogue.map(({ id, says, documented, versions, outdated, limit }) => {
    const { section, url } = documented;
    const notes = [
      outdated && ` (outdated since ${outdated.since})`,
      limit && ` (closed by ${limit.closedBy})`,
    ];
    const sentence = `${says}${notes.filter(Boolean).join("")}`;
    return row([`\`${id}\``, sentence, url ? `[${section}](${url})` : section, versions ?? "all"]);
  });
  return [row(["claim", "says", "documented in", "Kubernetes"]), "|---|---|---|---|", ...rows, ""].join("\n");
}

/** A row of a Markdown table. */
export function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
}

function lines(catalogue: CatalogueEntry[]): string {
  const width = Math.max(...catalogue.map(({ id }) => id.length));
  return catalogue.map(({ id, says }) => `${id.padEnd(width)}  ${says}\n`).join("");
}
