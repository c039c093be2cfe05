import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../support/cache.ts";
import { oneLine } from "../support/errors.ts";
import { leases } from "./lease-file.ts";
import { reap } from "./reap.ts";

/** Destroys what dead owners and reboots left behind, in a process of its own: the caller waits for nothing. */
export function pruneInBackground(): void {
  if (!leases().some(({ owner }) => owner === "dead")) return;
  spawn(process.execPath, [join(import.meta.dirname, "prune.ts")], {
    detached: true,
    stdio: "ignore",
  }).unref();
}

if (import.meta.main) {
  // What cannot be reaped keeps its lease, with the reason in its log: the next start, or `planeproof prune`, tries again.
  for (const lease of leases().filter(({ owner }) => owner === "dead")) {
    const log = join(cacheDirectory("leases"), `${lease.session}.log`);
    await reap(lease).catch((error: unknown) => appendFileSync(log, `not cleared up: ${oneLine(error)}\n`));
  }
}
