import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDirectory } from "../support/cache.ts";

/** A Docker daemon that runs on this machine. */
export interface Dockerd {
  pid: number;
  /** planeproof started it. Anybody else's is never stopped. */
  ours: boolean;
}

/** Where planeproof keeps what belongs to the dockerd that it starts: its log, its pid file, its runtime wrapper. */
export const engineDirectory = (): string => cacheDirectory("engine");

/**
 * The argument by which a dockerd of ours is known. It stands in the process's own command line, so neither a reused
 * process id nor a stale file can make somebody else's daemon look like ours.
 */
export const pidFileArgument = (): string => `--pidfile=${join(engineDirectory(), "dockerd.pid")}`;

/** The Docker daemons that run here, as `/proc` shows them: also those that do not answer (yet). */
export function runningDockerds(): Dockerd[] {
  const mark = pidFileArgument();
  return processIds().flatMap((pid) => {
    const args = commandLine(pid);
    return isDockerd(args) ? [{ pid, ours: args.includes(mark) }] : [];
  });
}

/** Whether a command line, program first, is that of a Docker daemon. */
export function isDockerd([program = ""]: string[]): boolean {
  return basename(program) === "dockerd";
}

function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return []; // no /proc: not Linux, where no dockerd is ours
  }
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it ended while we were looking
  }
}
