import { readFileSync } from "node:fs";
import { availableParallelism, freemem, totalmem } from "node:os";
import { missingCapabilities } from "./capabilities.ts";

/** What an engine on this machine would have to live with. Outside Linux only the sizes are known. */
export interface Machine {
  /** From os-release: `debian`, and what it says it is like (`["debian"]` for Ubuntu). */
  os: { id: string; like: string[]; name: string };
  root: boolean;
  /** The command name of process 1: `systemd` where it starts services. */
  init: string;
  cgroup: "v1" | "v2" | undefined;
  /** Capabilities that no process here can be given. */
  missingCapabilities: string[];
  /** Hard limit of open files; undefined where it is not known or not limited. */
  openFiles: number | undefined;
  /** fs.inotify.max_user_instances. */
  inotifyInstances: number | undefined;
  cores: number;
  /** Bytes. */
  memory: { total: number; available: number };
}

/** Looks at the machine and changes nothing. */
export function readMachine(): Machine {
  const memory = read("/proc/meminfo");
  return {
    os: parseOsRelease(read("/etc/os-release")),
    root: process.getuid?.() === 0,
    init: read("/proc/1/comm").trim(),
    cgroup: cgroupVersion(read("/proc/self/mounts")),
    missingCapabilities: missingCapabilities(
      read("/proc/self/status"),
      Number(read("/proc/sys/kernel/cap_last_cap")),
    ),
    openFiles: hardOpenFiles(read("/proc/self/limits")),
    inotifyInstances: Number(read("/proc/sys/fs/inotify/max_user_instances")) || undefined,
    cores: availableParallelism(),
    memory: { total: totalmem(), available: kibibytes(memory, "MemAvailable") ?? freemem() },
  };
}

/** Reads os-release (`man 5 os-release`); a value may stand in quotes. */
export function parseOsRelease(text: string): Machine["os"] {
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\n]*)`, "m").exec(text)?.[1]?.trim() ?? "";
  const like = value("ID_LIKE").split(/\s+/).filter(Boolean);
  return {
    id: value("ID") || process.platform,
    like,
    name: value("PRETTY_NAME") || value("ID") || process.platform,
  };
}

/** Which cgroup version controls memory here. A hybrid machine mounts both, and runc then uses version 1. */
export function cgroupVersion(mounts: string): Machine["cgroup"] {
  const types = mounts.split("\n").map((line) => line.split(" "));
  if (types.some(([, , type, options]) => type === "cgroup" && options?.split(",").includes("memory")))
    return "v1";
  return types.some(([, , type]) => type === "cgroup2") ? "v2" : undefined;
}

/** The hard limit in `/proc/self/limits`; undefined where it is unlimited. */
export function hardOpenFiles(limits: string): number | undefined {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1];
  return hard === undefined ? undefined : Number(hard);
}

function kibibytes(meminfo: string, key: string): number | undefined {
  const found = new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(meminfo)?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // not Linux, or not for us to read: the parsers take nothing for unknown
  }
}
