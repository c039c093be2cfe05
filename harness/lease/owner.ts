import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isAlive } from "./process-identity.ts";

/** Where a process id means something: from one boot to the next, in one pid namespace of one machine. */
export interface Place {
  host: string;
  boot: string;
  pids: string;
}

/** alive, dead, `nobody` for what was kept, or `elsewhere`: nothing that this process can see. */
export type Owner = "alive" | "dead" | "nobody" | "elsewhere";

/** The place of this process. */
export function thisPlace(): Place {
  return {
    host: hostname(),
    boot: tryTo(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pids: tryTo(() => readlinkSync("/proc/self/ns/pid")),
  };
}

/** Whether the owner of a lease lives, as seen from `here`. What cannot be seen is dead only after its deadline. */
export function ownerOf(
  lease: { pid: number; started: string; deadline: string; place: Place },
  here: Place,
): Owner {
  const { pid, started, deadline, place } = lease;
  if (pid === 0) return "nobody";
  if (place.host === here.host && place.boot !== here.boot) return "dead"; // the machine was booted since
  if (place.boot === here.boot && place.pids === here.pids) return isAlive(pid, started) ? "alive" : "dead";
  return Date.parse(deadline) < Date.now() ? "dead" : "elsewhere";
}

function tryTo(read: () => string): string {
  try {
    return read();
  } catch {
    return ""; // no /proc: not Linux
  }
}
