/**
 * Outlives the process that owns a lease, by a moment. Started by Lease.open with a pipe as its stdin:
 * "released" says that all was cleared up; the end of the pipe without it, that the owner died.
 */
import { closeSync, writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import { leaveCgroup } from "./cgroup.ts";

const session = process.argv[2] ?? "";
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

leaveCgroup();
const READY_FD = 3;
try {
  writeSync(READY_FD, "ready\n"); // the owner makes nothing before
  closeSync(READY_FD);
} catch {
  // it has died already: the pipe says so too
}

// After the handshake, for which the owner waits; and before the end, when nobody knows whether these files still are there.
const { load } = await import("./lease-file.ts");
const { reap } = await import("./reap.ts");
const { until } = await import("../support/until.ts");

const deadline = setTimeout(destroy, Date.parse(load(session)?.deadline ?? "") - Date.now());
const said = await text(process.stdin);
clearTimeout(deadline);
if (!said.includes("released")) await destroy();

async function destroy(): Promise<void> {
  const record = load(session);
  if (!record || record.pid === 0) return;
  console.log(
    `${new Date().toISOString()} the owner of ${session} (process ${record.pid}) is gone: clearing up`,
  );
  // The engine may be the reason why the owner ended, and be on its way back; after that it is for `planeproof prune`.
  await until("everything to be gone", () => reap(record).then(() => true), {
    timeoutMs: 300_000,
    everyMs: 2_000,
  });
  console.log(`${new Date().toISOString()} cleared up`);
}
