import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProviderName, ProviderPin } from "../provider/provider.ts";
import { cacheDirectory } from "../support/cache.ts";
import { type Owner, ownerOf, type Place, thisPlace } from "./owner.ts";

/** What belongs to one session, and to whom the session belongs. */
export interface LeaseFile {
  session: string;
  /** The process that owns it; 0 where it stays until `down` (made by `up`, or kept). */
  pid: number;
  /** The owner's start time in clock ticks since boot: a process id may be reused. */
  started: string;
  /** Where the process id means something. */
  place: Place;
  deadline: string;
  directory: string;
  /** With the engine that makes each, by which it is destroyed. */
  clusters: { name: string; title: string; provider: ProviderName; pin?: ProviderPin | undefined }[];
}

/** Every lease on this machine, with whether its owner lives. */
export function leases(): (LeaseFile & { owner: Owner })[] {
  const here = thisPlace();
  return readdirSync(cacheDirectory("leases"))
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const record = load(file.replace(/\.json$/, ""));
      if (!record) return [];
      return [{ ...record, owner: ownerOf(record, here) }];
    });
}

/** The lease of a session, or undefined when it has ended. */
export function load(session: string): LeaseFile | undefined {
  try {
    const record = JSON.parse(readFileSync(leaseFile(session), "utf8")) as LeaseFile;
    // A lease of an older planeproof names no place: its process id is taken for one of here, as that planeproof took it.
    return { ...record, place: record.place ?? thisPlace() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // another process may just have ended it
    throw error;
  }
}

/** Writes down what other processes have to know about a kept cluster: plain data, of any shape. */
export function saveFacts(directory: string, cluster: string, facts: object): void {
  writeFileSync(factsFile(directory, cluster), JSON.stringify(facts));
}

/** What was written down about a kept cluster; undefined where no lease holds one of that name. */
export function loadFacts(cluster: string): unknown {
  const lease = leases().find(({ clusters }) => clusters.some(({ name }) => name === cluster));
  return lease && JSON.parse(readFileSync(factsFile(lease.directory, cluster), "utf8"));
}

function factsFile(directory: string, cluster: string): string {
  return join(directory, `${cluster}.json`);
}

/** Ends the record of a lease; what it held must be gone. */
export function forget(session: string): void {
  for (const file of [leaseFile(session), leaseFile(session).replace(/json$/, "log")])
    rmSync(file, { force: true });
}

function leaseFile(session: string): string {
  return join(cacheDirectory("leases"), `${session}.json`);
}

/** Writes a lease down. */
export function save(record: LeaseFile): void {
  const file = leaseFile(record.session);
  writeFileSync(`${file}.new`, JSON.stringify(record, null, 2));
  renameSync(`${file}.new`, file); // a reader sees the old record or the new one, never half of one
}
