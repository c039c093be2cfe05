import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { providerOf } from "../provider/providers.ts";
import { forget, type LeaseFile } from "./lease-file.ts";
import { endMarked } from "./marked.ts";
import { thisPlace } from "./owner.ts";

/**
 * Pauses between looks where something may still be on its way: an engine goes on making the container whose client was
 * killed, and it appears after the first look.
 */
const PAUSES_MS = [500, 1_000, 1_500];

/** Destroys everything that a lease holds, then the lease. Nothing happens to what is gone already. */
export async function reap(record: LeaseFile): Promise<void> {
  const here = thisPlace();
  const samePlace = record.place.boot === here.boot && record.place.pids === here.pids;
  const cut = samePlace && (await endMarked(record.session));
  const ownersOwn = record.pid === process.pid && samePlace;
  await destroyClusters(record);
  const inFlight = record.clusters.length > 0 && (cut || !ownersOwn);
  for (const pause of inFlight ? PAUSES_MS : []) {
    await delay(pause);
    await destroyClusters(record);
  }
  rmSync(record.directory, { recursive: true, force: true });
  forget(record.session);
}

async function destroyClusters({ clusters }: LeaseFile): Promise<void> {
  await Promise.all(clusters.map(({ name, provider, pin }) => providerOf(provider).destroy(name, pin)));
}
