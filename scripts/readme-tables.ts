import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ClaimRunner } from "../harness/claim/runner.ts";
import { markdownTable } from "../harness/cli/claims.ts";
import { channels, ROOT } from "../harness/cli/paths.ts";
import { entry } from "./entry.ts";
import { filled } from "./readme-part.ts";

// Writes the table of each channel's claims into suites/<channel>/README.md, from the claims themselves; with --check it
// writes nothing, and says which tables are not what the claims say. Exit code 1 for those, and for what cannot be filled.
await entry(async () => {
  const check = process.argv.includes("--check");
  await using runner = await ClaimRunner.start(ROOT);
  const catalogue = await runner.catalogue();
  for (const channel of channels()) {
    const file = join(ROOT, "suites", channel, "README.md");
    const table = markdownTable(catalogue.filter(({ id }) => id.startsWith(`${channel}/`)));
    const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const wanted = text === undefined ? undefined : filled(text, "claims", table);
    if (wanted === text && text !== undefined) continue;

    const wrong = complaint(text, wanted);
    if (wanted !== undefined && !check) writeFileSync(file, wanted);
    else process.exitCode = 1;
    console.log(`${relative(ROOT, file)}: ${check || wanted === undefined ? wrong : "written"}`);
  }
});

function complaint(text: string | undefined, wanted: string | undefined): string {
  if (text === undefined) return "there is no such file";
  if (wanted === undefined)
    return "it has no place for the table, between <!-- claims --> and <!-- /claims -->";
  return "its table is not what the claims say; `node scripts/readme-tables.ts` writes it";
}
