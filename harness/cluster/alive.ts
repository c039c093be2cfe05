import { readFileSync } from "node:fs";

/** When a process started, in clock ticks since boot (proc(5), field 22 of stat), or undefined when there is none. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in brackets, may hold anything: count from behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Whether the process that had this id and start time still lives (a zombie does not). */
export function isAlive(pid: number, started: string): boolean {
  return startTimeOf(pid) === started;
}
