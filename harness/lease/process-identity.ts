import { readFileSync } from "node:fs";

/** When a process started, in clock ticks since boot (proc(5), field 22 of stat), or undefined when there is none. */
export function startTimeOf(pid: number): string | undefined {
  return statOf(pid)?.started;
}

/** Whether the process that had this id and start time still lives (a zombie does not). */
export function isAlive(pid: number, started: string): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.started === started && stat.state !== "Z" && stat.state !== "X";
}

function statOf(pid: number): { state: string | undefined; started: string | undefined } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in brackets, may hold anything: count from behind it, from field 3.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], started: fields[19] };
  } catch {
    return undefined;
  }
}
