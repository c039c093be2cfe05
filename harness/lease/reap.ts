import { rmSync } from "node:fs";
import { engine, findEngine } from "../engine/engine.ts";
import { providerOf } from "../provider/providers.ts";
import { forget, type LeaseFile, SESSION_LABEL } from "./lease-file.ts";
import { isAlive } from "./process-identity.ts";

/** Destroys everything that a lease holds, then the lease. Nothing happens to what is gone already. */
export async function reap(record: LeaseFile): Promise<void> {
  for (const { pid, started } of record.groups) endGroup(pid, started);
  await Promise.all([
    ...record.clusters.map(({ name, provider }) => providerOf(provider).destroy(name)),
    removeContainers(record.session),
  ]);
  await removeContainers(record.session); // one that was still being made when its maker died
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

/** Neighbours and whatever else of ours is a container but no node. */
async function removeContainers(session: string): Promise<void> {
  if (!(await findEngine())) return;
  const { stdout } = await engine(["ps", "-aq", "--filter", `label=${SESSION_LABEL}=${session}`]);
  const ids = stdout.split("\n").filter(Boolean);
  if (ids.length > 0) await engine(["rm", "--force", "--volumes", ...ids], { reject: false });
}
