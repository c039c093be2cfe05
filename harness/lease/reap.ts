import { rmSync } from "node:fs";
import { providerOf } from "../provider/providers.ts";
import { forget, type LeaseFile } from "./lease-file.ts";
import { isAlive } from "./process-identity.ts";

/** Destroys everything that a lease holds, then the lease. Nothing happens to what is gone already. */
export async function reap(record: LeaseFile): Promise<void> {
  for (const { pid, started } of record.groups) endGroup(pid, started);
  await Promise.all(record.clusters.map(({ name, provider }) => providerOf(provider).destroy(name)));
  rmSync(record.directory, { recursive: true, force: true });
  forget(record.session);
}

function endGroup(pid: number, started: string): void {
  if (!isAlive(pid, started)) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it ended between the look and the kill
  }
}
