import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { endOnSignals, holding } from "../harness/cli/interrupt.ts";
import type { Report } from "../harness/results/schema.ts";
import { UsageError } from "../harness/support/errors.ts";
import { temporaryDirectory } from "../harness/support/temporary.ts";
import { runScript } from "./run-script.ts";
import { WatchedRun } from "./watched-run.ts";

/**
 * Runs `verify default` again and again, and looks whether every run says the same and leaves nothing behind:
 * `npm run soak -- N [--side-by-side M]`, N runs one after the other, then M at once.
 */
const GRACE_MS = 30_000;

/** What one run gave. */
interface Result {
  exitCode: number | null;
  seconds: number;
  left: string[];
  /** By claim; the exit code as one of them. */
  verdicts: Map<string, string>;
}

endOnSignals();
await runScript(async () => {
  const { values, positionals } = parseArgs({
    options: { "side-by-side": { type: "string", default: "0" } },
    allowPositionals: true,
  });
  const [inTurn, atOnce] = [wholeNumber(positionals[0] ?? "1"), wholeNumber(values["side-by-side"])];
  const results: Result[] = [];
  const run = async (name: string) => {
    const result = await holding(await temporaryDirectory(), ({ path }) => once(path));
    results.push(result);
    console.log(`${name}  ${describe(result)}`);
  };
  for (let turn = 1; turn <= inTurn; turn++) await run(`${turn}/${inTurn}`);
  await Promise.all(Array.from({ length: atOnce }, (_, index) => run(`${index + 1}/${atOnce} side by side`)));
  process.exitCode = conclude(results) ? 0 : 1;
});

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError("That is not a number of runs.", {
    expected: "npm run soak -- N [--side-by-side M]",
    found: text,
  });
}

async function once(directory: string): Promise<Result> {
  const [temporary, out] = [join(directory, "tmp"), join(directory, "report")];
  await mkdir(temporary);
  const started = performance.now();
  const run = new WatchedRun(temporary, out);
  const exitCode = await run.ended;
  const seconds = (performance.now() - started) / 1000;
  const verdicts = new Map([["(exit code)", String(exitCode)]]);
  const file = join(out, "report.json");
  const report = existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as Report);
  for (const { claims } of report ? report.runs : [])
    for (const { id, verdict } of claims) verdicts.set(id, verdict);
  return { exitCode, seconds, left: await run.left(GRACE_MS), verdicts };
}

function describe({ exitCode, seconds, left, verdicts }: Result): string {
  const rest = left.length > 0 ? `LEFT: ${left.join("; ")}` : "nothing left";
  return `exit code ${exitCode}, ${verdicts.size - 1} claims, ${seconds.toFixed(1)} s, ${rest}`;
}

/** Prints what differs between the runs and how long they took; returns whether all were the same, and clean. */
function conclude(results: Result[]): boolean {
  const ids = new Set(results.flatMap(({ verdicts }) => [...verdicts.keys()]));
  const differing = [...ids].sort().flatMap((id) => {
    const counts = Map.groupBy(results, ({ verdicts }) => verdicts.get(id) ?? "no result");
    if (counts.size === 1) return [];
    return [`  ${id}: ${[...counts].map(([verdict, of]) => `${of.length} × ${verdict}`).join(", ")}`];
  });
  const seconds = results.map((result) => result.seconds).sort((a, b) => a - b);
  const unclean = results.filter(({ left }) => left.length > 0).length;
  const failed = results.filter(({ exitCode }) => exitCode !== 0).length;
  console.log(`\n${results.length} runs: ${differing.length > 0 ? "they differ" : "all the same"}`);
  if (differing.length > 0) console.log(differing.join("\n"));
  console.log(`  ${failed} ended with an exit code other than 0, ${unclean} left something behind`);
  const [first = 0, middle = 0, last = 0] = [0, seconds.length >> 1, -1].map((at) => seconds.at(at));
  console.log(
    `  ${first.toFixed(1)} s the fastest, ${middle.toFixed(1)} s the median, ${last.toFixed(1)} s the slowest`,
  );
  return differing.length + unclean + failed === 0;
}
