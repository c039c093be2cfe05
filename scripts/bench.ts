import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { stringify } from "yaml";
import { loadDefinition } from "../harness/config/kind-config.ts";
import { configInForce } from "../harness/config/normalise.ts";
import { DEFAULT_KUBERNETES, KubernetesVersion } from "../harness/config/version.ts";
import { ensureImage } from "../harness/image/index.ts";
import { kindBinary } from "../harness/provider/kind/binary.ts";
import { silent } from "../harness/support/progress.ts";
import { temporaryDirectory } from "../harness/support/temporary.ts";

/**
 * Where the time goes, as figures and as ratios that are measured side by side in one run. Nothing here is asserted:
 * times depend on the machine. `npm run bench -- 9` takes nine rounds instead of five.
 */
const rounds = Number(process.argv[2] ?? 5);
await using scratch = await temporaryDirectory();
const directory = scratch.path;
const definition = await loadDefinition("clusters/default.yaml");
const image = await ensureImage(DEFAULT_KUBERNETES, silent);
const kind = await kindBinary(silent);
const config = join(directory, "default.yaml");
await writeFile(config, stringify(configInForce(definition, new KubernetesVersion(image.kubernetes))));

const plain: number[] = [];
const ours: number[] = [];
const claims: number[] = [];
const whole: number[] = [];
const memory = { largest: 0, together: 0 };
for (let round = 1; round <= rounds; round++) {
  plain.push(await plainKind());
  const run = await verify();
  ours.push(run.bootToFirstClaim);
  claims.push(run.claims);
  memory.largest = Math.max(memory.largest, run.memory.largest);
  memory.together = Math.max(memory.together, run.memory.together);
  whole.push(await npmStart());
  const [kindMs, wholeMs] = [plain.at(-1) ?? 0, whole.at(-1) ?? 0];
  console.log(
    `round ${round}: plain kind ${seconds(kindMs)}, boot to first claim ${seconds(run.bootToFirstClaim)}, ` +
      `all claims ${seconds(run.claims)}, npm start ${seconds(wholeMs)}, peak ${run.memory.largest} MB`,
  );
}
console.log(`\nmedian of ${rounds} rounds, ${image.kubernetes}, ${availableParallelism()} cores`);
console.log(`  kind create cluster --wait       ${seconds(median(plain))}`);
console.log(
  `  boot to first claim              ${seconds(median(ours))}   ÷ plain kind: ${ratio(ours, plain)} (at most 1.10)`,
);
console.log(`  all claims after boot            ${seconds(median(claims))}   (at most 20 s)`);
console.log(`  npm start, everything included   ${seconds(median(whole))}   (at most 30 s)`);
console.log(`  peak memory of our process       ${memory.largest} MB   (at most 210 MB)`);
console.log(`  all our processes together       ${memory.together} MB`);

/** kind itself, with the same image and config, waiting for Ready as we do. */
async function plainKind(): Promise<number> {
  const name = "planeproof-bench";
  const kubeconfig = join(directory, "kubeconfig");
  const argv = ["create", "cluster", "--name", name, "--config", config, "--image", image.reference];
  const started = performance.now();
  await execa(kind, [...argv, "--kubeconfig", kubeconfig, "--wait", "120s"], { stdin: "ignore" });
  const took = performance.now() - started;
  await execa(kind, ["delete", "cluster", "--name", name, "--kubeconfig", kubeconfig], { stdin: "ignore" });
  return took;
}

/** Our own run, timed by the lines of its progress. */
async function verify(): Promise<{ bootToFirstClaim: number; claims: number; memory: Memory }> {
  const started = performance.now();
  const run = execa("node", ["harness/cli/main.ts", "verify", "--out", join(directory, "report")], {
    stdin: "ignore",
    reject: false,
  });
  const memory = { largest: 0, together: 0 };
  const looking = setInterval(() => look(run.pid ?? 0, memory), 500);
  const at = new Map<string, number>();
  for await (const line of createInterface({ input: run.stderr })) {
    if (line.includes("prove claims")) at.set(line.slice(0, 1), performance.now());
  }
  const { exitCode, stdout } = await run;
  clearInterval(looking);
  if (exitCode !== 0) throw new Error(`planeproof verify ended with exit code ${exitCode}:\n${stdout}`);
  const [first, last] = [at.get("…") ?? 0, at.get("✓") ?? 0];
  return { bootToFirstClaim: first - started, claims: last - first, memory };
}

async function npmStart(): Promise<number> {
  const started = performance.now();
  await execa("npm", ["start", "--", "--out", join(directory, "report")], { stdin: "ignore" });
  return performance.now() - started;
}

/** In megabytes. */
interface Memory {
  /** The most that one process has had at any time (VmHWM of proc(5)). */
  largest: number;
  /** The most that all had at one moment, what they share counted once (Pss). */
  together: number;
}

/** Looks at the memory of a process and of every Node below it: the worker that proves, and the watchdogs. */
function look(pid: number, memory: Memory): void {
  const megabytes = (text: string, field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) / 1024;
  let together = 0;
  for (const id of familyOf(pid)) {
    const status = proc(id, "status");
    if (!/^Name:\t(node|MainThread|vitest)/m.test(status)) continue; // docker and kind are not ours
    memory.largest = Math.max(memory.largest, Math.round(megabytes(status, "VmHWM")));
    together += megabytes(proc(id, "smaps_rollup"), "Pss");
  }
  memory.together = Math.max(memory.together, Math.round(together));
}

function familyOf(pid: number): number[] {
  const children = proc(pid, `task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return [pid, ...children.flatMap(familyOf)];
}

function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function ratio(ours: number[], theirs: number[]): string {
  return (median(ours) / median(theirs)).toFixed(2);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
