import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { endOnSignals, holding } from "../harness/cli/interrupt.ts";
import { ROOT } from "../harness/cli/paths.ts";
import type { Report } from "../harness/results/schema.ts";
import { UsageError } from "../harness/support/errors.ts";
import { temporaryDirectory } from "../harness/support/temporary.ts";
import { type FieldCase, fieldCases, stage } from "./field-case.ts";
import { faultsOf, type Outcome } from "./field-judge.ts";
import { runScript } from "./run-script.ts";

/**
 * Verifies the configs of examples/field/ side by side, and says of each whether it was judged right:
 * `npm run field [-- --shard 1/4] [CASE…]`. The reports are in planeproof-field/CASE/.
 */
const OUT = join(ROOT, "planeproof-field");
/** What a cluster of two nodes and its run need at most. */
const MEMORY_OF_ONE = 3 * 1024 ** 3;

endOnSignals();
await runScript(async () => {
  const { values, positionals } = parseArgs({
    options: { shard: { type: "string", default: "1/1" } },
    allowPositionals: true,
  });
  const cases = shardOf(fieldCases(positionals), values.shard);
  const atOnce = Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / MEMORY_OF_ONE)));
  console.log(`${cases.length} configs, ${Math.min(atOnce, cases.length)} at a time`);
  const wrong: string[] = [];
  const waiting = cases.entries();
  const lane = async () => {
    for (const [index, one] of waiting) {
      const started = performance.now();
      const faults = await holding(await temporaryDirectory(), ({ path }) => verify(one, path));
      if (faults.length > 0) wrong.push(one.name);
      const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      const lines = [
        `${faults.length > 0 ? "WRONG" : "right"}  ${index + 1}/${cases.length}  ${one.name} (${took}): ${one.expects}`,
        ...faults.map((fault) => `       ${fault.replaceAll("\n", "\n       ")}`),
      ];
      console.log(lines.join("\n"));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  console.log(`\n${cases.length - wrong.length} of ${cases.length} right`);
  if (wrong.length > 0) console.log(`wrong: ${wrong.sort().join(" ")}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
});

/** The `1/4` of the cases: every fourth, from the first on. */
function shardOf(cases: FieldCase[], shard: string): FieldCase[] {
  const [part = 0, parts = 0] = /^\d+\/\d+$/.test(shard) ? shard.split("/").map(Number) : [];
  if (part >= 1 && part <= parts) return cases.filter((_, index) => index % parts === part - 1);
  throw new UsageError("There is no such shard.", {
    expected: "--shard 1/4: the first of four parts",
    found: shard,
  });
}

/** Verifies a copy of a case, from where it stands: a relative path in it starts there. Returns what is wrong. */
async function verify(one: FieldCase, directory: string): Promise<string[]> {
  await stage(one, directory);
  const out = join(OUT, one.name);
  await rm(out, { recursive: true, force: true });
  const { exitCode, stderr } = await execa(
    "node",
    [join(ROOT, "harness/cli/main.ts"), "verify", "kind.yaml", "--out", out],
    { cwd: directory, stdin: "ignore", stdout: "ignore", reject: false },
  );
  const outcome: Outcome = { exitCode, said: stderr, claims: claimsIn(join(out, "report.json")) };
  return faultsOf(one.judgement, outcome);
}

function claimsIn(file: string): Outcome["claims"] {
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, "utf8")) as Report).runs.flatMap(({ claims }) => claims);
}
