import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ClaimRunner } from "../harness/claim/runner.ts";
import { markdownTable } from "../harness/cli/claims.ts";
import { loadMutants } from "../harness/cli/load-mutants.ts";
import { foldersOf, ROOT, SUITES } from "../harness/cli/paths.ts";
import { UsageError } from "../harness/support/errors.ts";
import { mutantTable } from "./mutant-table.ts";
import { filled } from "./readme-part.ts";
import { runScript } from "./run-script.ts";

// Writes the tables of each channel's claims and mutants into suites/<channel>/README.md; with --check it writes nothing,
// and names the READMEs whose tables are stale. Exit code 1 for those, 2 for a README that has no place for a table.
await runScript(async () => {
  const check = process.argv.includes("--check");
  await using runner = await ClaimRunner.start(ROOT);
  const catalogue = await runner.catalogue();
  const mutants = await loadMutants();
  for (const channel of foldersOf(SUITES)) {
    const file = join(ROOT, "suites", channel, "README.md");
    const text = readFileSync(file, "utf8");
    const wanted = withTables(text, relative(ROOT, file), {
      claims: markdownTable(catalogue.filter(({ id }) => id.startsWith(`${channel}/`))),
      mutants: mutantTable(channel, mutants),
    });
    if (wanted === text) continue;
    if (check) process.exitCode = 1;
    else writeFileSync(file, wanted);
    const done = check ? "its tables are stale; `node scripts/readme-tables.ts` writes them" : "written";
    console.log(`${relative(ROOT, file)}: ${done}`);
  }
});

function withTables(text: string, where: string, tables: Record<string, string>): string {
  return Object.entries(tables).reduce((before, [name, table]) => {
    const after = filled(before, name, table);
    if (after !== undefined) return after;
    throw new UsageError(`A README has no place for its table of ${name}.`, {
      where,
      expected: `<!-- ${name} --> and <!-- /${name} -->, once each, on lines of their own`,
    });
  }, text);
}
