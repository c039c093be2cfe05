import { readdirSync, readFileSync } from "node:fs";
import { until } from "../support/until.ts";

/**
 * The variable that every process carries which makes a lease's nodes, its children too. A list of process ids would miss
 * the one whose owner died between its start and the record.
 */
export const LEASE_VARIABLE = "PLANEPROOF_LEASE";

/** Kills all processes that carry the mark of a session; returns whether there was one. */
export async function endMarked(session: string): Promise<boolean> {
  const found = marked(session).length > 0;
  await until(
    `the processes of session ${session} to end`,
    async () => {
      const left = marked(session);
      for (const pid of left) kill(pid);
      return left.length === 0;
    },
    { timeoutMs: 10_000, everyMs: 20 },
  );
  return found;
}

/** The ids of the processes that carry the mark of a session. */
export function marked(session: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`${LEASE_VARIABLE}=${session}`))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // it ended meanwhile, or is somebody else's
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended between the look and the kill
  }
}
