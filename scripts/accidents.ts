import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { ROOT } from "../harness/cli/paths.ts";
import { runningDockerds } from "../harness/engine/dockerd.ts";
import { EnvironmentError } from "../harness/support/errors.ts";
import type { WatchedRun } from "./watched-run.ts";

/** Something that happens to a run. */
export interface Accident {
  name: string;
  /** Before the run: what it needs in its environment, or in the directory that it will work in. */
  prepare?: (directory: string, afterMs: number) => Promise<Record<string, string>>;
  happen: (run: WatchedRun, directory: string) => Promise<void>;
  /** After it: makes the directory removable again. */
  tidy?: (directory: string) => Promise<void>;
  /** It happens within the first second, and not at any moment. */
  atOnce?: true;
}

const killed =
  (signal: NodeJS.Signals): Accident["happen"] =>
  async (run) => {
    run.process.kill(signal);
  };

/** A run goes on after it, or fails; how long that may take. */
const LONGEST_MS = 300_000;
const untilItEnds = async (run: WatchedRun) => {
  await Promise.race([run.ended, delay(LONGEST_MS, undefined, { ref: false })]);
  if (!run.hasEnded) run.process.kill("SIGKILL");
};

export const ACCIDENTS: readonly Accident[] = [
  { name: "SIGKILL", happen: killed("SIGKILL") },
  { name: "SIGTERM", happen: killed("SIGTERM") },
  { name: "SIGINT", happen: killed("SIGINT") },
  { name: "SIGKILL within its first second", happen: killed("SIGKILL"), atOnce: true },
  { name: "disk full", prepare: smallDisk, happen: fillDisk, tidy: unmount },
  { name: "clock a day on", prepare: async (_, afterMs) => clockMoved(afterMs, 1), happen: untilItEnds },
  { name: "clock a day back", prepare: async (_, afterMs) => clockMoved(afterMs, -1), happen: untilItEnds },
];

/** Accidents of the engine, from which everybody on the machine suffers. */
export const ENGINE_ACCIDENTS: readonly Accident[] = [
  { name: "engine paused for 20 s", happen: pauseEngine },
  { name: "engine restarted", happen: restartEngine },
];

/** Temporary files and the report are on a disk of 48 MB of their own. */
async function smallDisk(directory: string): Promise<Record<string, string>> {
  await execa("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", directory]);
  return {};
}

async function unmount(directory: string): Promise<void> {
  await execa("umount", ["--lazy", directory]);
}

async function fillDisk(run: WatchedRun, directory: string): Promise<void> {
  const filler = join(directory, "filler");
  const file = openSync(filler, "w");
  const full = (size: number) => {
    try {
      while (writeSync(file, Buffer.alloc(size)) > 0);
    } catch {
      // ENOSPC, as it should be
    }
  };
  full(1024 * 1024);
  full(1024);
  await untilItEnds(run);
  closeSync(file);
  rmSync(filler);
}

/**
 * The clock of the run's own processes, and not that of the machine, which would be everybody's: from a moment on,
 * JavaScript's Date says another day.
 */
function clockMoved(afterMs: number, days: number): Record<string, string> {
  const moment = Date.now() + afterMs;
  const code = `
    const Before = Date;
    const now = () => Before.now() + (Before.now() < ${moment} ? 0 : ${days * 86_400_000});
    globalThis.Date = class Date extends Before {
      constructor(...given) { given.length > 0 ? super(...given) : super(now()); }
      static now() { return now(); }
    };`;
  const given = process.env.NODE_OPTIONS ?? "";
  return { NODE_OPTIONS: `${given} --import=data:text/javascript,${encodeURIComponent(code)}`.trim() };
}

function dockerd(): number {
  const [found] = runningDockerds();
  if (found) return found.pid;
  throw new EnvironmentError("No dockerd runs here: the engine cannot have an accident.");
}

async function pauseEngine(run: WatchedRun): Promise<void> {
  const pid = dockerd();
  process.kill(pid, "SIGSTOP");
  await delay(20_000);
  process.kill(pid, "SIGCONT");
  await untilItEnds(run);
}

async function restartEngine(run: WatchedRun): Promise<void> {
  process.kill(dockerd(), "SIGTERM");
  await delay(2_000);
  await execa("node", [join(ROOT, "harness/cli/main.ts"), "setup"]); // it starts one that is installed and does not run
  await untilItEnds(run);
}
