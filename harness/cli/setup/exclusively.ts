import { check, lock } from "proper-lockfile";
import { engineDirectory } from "../../engine/dockerd.ts";
import { say } from "./say.ts";

/** Does work that changes the engine while no other planeproof on this machine does: waits for it, up to ten minutes. */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const directory = engineDirectory();
  if (await check(directory)) say("wait", "another set-up is at work on this machine");
  const release = await lock(directory, {
    retries: { retries: 1200, factor: 1, minTimeout: 500, maxTimeout: 500 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
