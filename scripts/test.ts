import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { reportSchema } from "../harness/results/schema.ts";
import { temporaryDirectory } from "../harness/support/temporary.ts";

/** What was counted in one step. */
interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

await using scratch = await temporaryDirectory();
const unitResults = join(scratch.path, "unit.json");
const out = "planeproof-report";

/** Four that are refused before the boot, for different reasons, one that is broken and one that is hardened. */
const FIELD = [
  "field-with-a-typo",
  "key-file-twice",
  "mount-of-nothing",
  "hostname-overridden",
  "worker-kubelet-allows-all",
  "anonymous-for-health-alone",
];

/** What `npm test` proves, in this order. A step that fails does not keep the others from running: all are reported. */
const STEPS: { name: string; command: string[]; count?: () => Promise<Count> }[] = [
  {
    name: "unit tests",
    command: [
      "vitest",
      "run",
      "--project",
      "unit",
      "--reporter=default",
      "--reporter=json",
      `--outputFile=${unitResults}`,
    ],
    count: unitTests,
  },
  {
    name: "suites on a cluster",
    command: ["node", "harness/cli/main.ts", "verify", "--out", out],
    count: claims,
  },
  {
    name: "six configs of other people's shapes",
    command: ["node", "scripts/field.ts", ...FIELD],
  },
  { name: "lint and format", command: ["biome", "check"] },
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "dead code", command: ["knip"] },
  { name: "imports between modules", command: ["node", "scripts/check-rooms.ts"] },
  { name: "expectations from live settings", command: ["node", "scripts/check-literals.ts"] },
  { name: "tables of the READMEs", command: ["node", "scripts/readme-tables.ts", "--check"] },
  { name: "a mutant for every claim", command: ["node", "scripts/check-mutants.ts"] },
];

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const { name, command, count } of STEPS) {
  const [program = "", ...args] = command;
  console.log(`\n── ${name}: ${command.join(" ")}`);
  const { exitCode, durationMs } = await execa(program, args, {
    preferLocal: true,
    stdio: "inherit",
    reject: false,
  });
  const ok = exitCode === 0;
  const counted = (await count?.().catch(() => undefined)) ?? {
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    skipped: 0,
  };
  // A step that failed without a failed test (it crashed, say) must not look as if all were well.
  if (!ok && counted.failed === 0) counted.failed = 1;
  if (!ok) process.exitCode = 1;
  for (const key of ["passed", "failed", "skipped"] as const) total[key] += counted[key];
  lines.push(`${ok ? "passed" : "FAILED"}  ${name} (${(durationMs / 1000).toFixed(1)} s)`);
}
console.log(`\n${lines.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);

async function unitTests(): Promise<Count> {
  const results = JSON.parse(await readFile(unitResults, "utf8")) as Record<string, number>;
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = results;
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
}

/** Claims that are as expected, those that are not, and those that this cluster gives no occasion for. */
async function claims(): Promise<Count> {
  const report = reportSchema.parse(JSON.parse(await readFile(join(out, "report.json"), "utf8")));
  const all = report.runs.flatMap((run) => run.claims);
  const skipped = all.filter(({ verdict }) => verdict === "not-exercised").length;
  const failed = all.filter(({ asExpected }) => !asExpected).length;
  return { passed: all.length - skipped - failed, failed, skipped };
}
