import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { type LeaseFile, leases, load } from "../harness/lease/lease-file.ts";
import { marked } from "../harness/lease/marked.ts";
import { temporaryDirectory } from "../harness/support/temporary.ts";
import { runScript } from "./run-script.ts";

/**
 * Kills runs of `verify` at moments that are spread over boot, claims and teardown, and looks what each leaves behind:
 * `npm run chaos -- 20`. Looks at its own runs only, and removes nothing.
 */
const SIGNALS = ["SIGKILL", "SIGTERM", "SIGINT"] as const;
const GRACE_MS = 30_000;

await runScript(async () => {
  const kills = Math.min(Number(process.argv[2] ?? 20), 1_000);
  const longest = Number(process.argv[3] ?? 50) * 1_000; // about as long as a whole run takes
  let dirty = 0;
  for (let kill = 0; kill < kills; kill++) {
    const signal = SIGNALS[kill % SIGNALS.length] ?? "SIGKILL";
    const after = Math.round(((kill + Math.random()) / kills) * longest);
    const { left, seconds, ended } = await killOne(signal, after);
    if (left.length > 0) dirty++;
    const when = `${signal} after ${(after / 1000).toFixed(1)} s${ended ? " (it had ended)" : ""}`;
    console.log(`${kill + 1}  ${when}: ${left.join("; ") || `nothing left after ${seconds.toFixed(1)} s`}`);
  }
  console.log(`${kills - dirty} of ${kills} left nothing behind`);
  process.exitCode = dirty > 0 ? 1 : 0;
});

/** Starts a run, kills it after some milliseconds, and waits until nothing of it is left. */
async function killOne(signal: (typeof SIGNALS)[number], after: number) {
  await using out = await temporaryDirectory();
  const run = execa("node", ["harness/cli/main.ts", "verify", "default", "--out", out.path], {
    stdio: "ignore",
    reject: false,
  });
  let ended = false;
  void run.then(() => {
    ended = true;
  });
  const sessions = new Set<string>();
  const until = performance.now() + after;
  while (performance.now() < until && !ended) {
    await delay(Math.min(50, Math.max(0, until - performance.now())));
    for (const { session } of leasesOf(run.pid)) sessions.add(session);
  }
  const endedBefore = ended;
  run.kill(signal);
  for (const { session } of leasesOf(run.pid)) sessions.add(session);
  const killed = performance.now();
  let left = await leftOf([...sessions], run.pid);
  while (left.length > 0 && performance.now() - killed < GRACE_MS) {
    await delay(250);
    left = await leftOf([...sessions], run.pid);
  }
  return { left, ended: endedBefore, seconds: (performance.now() - killed) / 1000 };
}

function leasesOf(pid: number | undefined): LeaseFile[] {
  return leases().filter((lease) => lease.pid === pid);
}

/** What is there of some sessions: containers, processes, directories, leases. */
async function leftOf(sessions: string[], pid: number | undefined): Promise<string[]> {
  const { stdout } = await execa("docker", ["ps", "-a", "--format", "{{.Names}}"], { reject: false });
  const containers = stdout.split("\n");
  const running = commandLines();
  const ofRun = running.filter(({ id }) => id === pid).map(({ id }) => `process ${id}`);
  return ofRun.concat(
    sessions.flatMap((session) => [
      ...containers.filter((name) => name.includes(session)).map((name) => `container ${name}`),
      ...marked(session).map((id) => `process ${id}`),
      ...running
        .filter(({ line }) => line.includes(session))
        .map(({ id, line }) => `process ${id} (${line.slice(0, 60)})`),
      ...(existsSync(`/tmp/planeproof-${session}`) ? [`directory /tmp/planeproof-${session}`] : []),
      ...(load(session) ? [`lease ${session}`] : []),
    ]),
  );
}

function commandLines(): { id: number; line: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const line = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return line ? [{ id: Number(id), line }] : []; // a zombie has none
      } catch {
        return []; // it ended meanwhile
      }
    });
}
