import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../support/cache.ts";
import { EnvironmentError, oneLine } from "../support/errors.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { type LeaseFile, save, saveFacts } from "./lease-file.ts";
import { startTimeOf } from "./process-identity.ts";
import { reap } from "./reap.ts";

const LIFETIME_MS = 4 * 60 * 60 * 1000;

/**
 * The claim of one process on its clusters, containers and temporary files. It is written down before anything is made,
 * and a detached watchdog holds a pipe to the owner: however the owner ends, everything goes.
 */
export class Lease implements AsyncDisposable {
  readonly record: LeaseFile;
  readonly #release: () => void;

  private constructor(record: LeaseFile, release: () => void) {
    this.record = record;
    this.#release = release;
  }

  /** Opens a lease for this process and starts its watchdog. */
  static async open(): Promise<Lease> {
    const session = randomBytes(3).toString("hex");
    const record: LeaseFile = {
      session,
      pid: process.pid,
      started: startTimeOf(process.pid) ?? "",
      deadline: new Date(Date.now() + LIFETIME_MS).toISOString(),
      directory: (await temporaryDirectory(session)).path,
      clusters: [],
      groups: [],
    };
    save(record);
    return new Lease(record, startWatchdog(session));
  }

  get session(): string {
    return this.record.session;
  }

  /** A private directory that goes with the session. */
  get directory(): string {
    return this.record.directory;
  }

  /** Writes a cluster down as ours; before it is made. */
  holds(cluster: LeaseFile["clusters"][number]): void {
    this.record.clusters.push(cluster);
    save(this.record);
  }

  /** Writes a process group down as ours. */
  started(pid: number): void {
    this.record.groups.push({ pid, started: startTimeOf(pid) ?? "" });
    save(this.record);
  }

  /** Leaves a cluster to the user (`up`, `--keep`): it stays until `down`. `loadFacts` gives its facts to other processes. */
  keep(cluster: string, facts: object): void {
    this.record.pid = 0;
    saveFacts(this.directory, cluster, facts);
    save(this.record);
    this.#release();
  }

  /** Destroys what is held, unless it was kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.record.pid === 0) return;
    await reap(this.record).catch((cause: unknown) => {
      throw new EnvironmentError("What this run made could not be cleared up.", {
        where: this.record.clusters.map(({ name }) => name).join(", ") || this.directory,
        found: oneLine(cause),
        remedy: "start the container engine, then run `planeproof prune`",
        cause,
      });
    });
    this.#release();
  }
}

/** Starts the watchdog in its own session, with a pipe from us as its stdin; returns what tells it that all is well. */
function startWatchdog(session: string): () => void {
  const log = openSync(join(cacheDirectory("leases"), `${session}.log`), "a");
  const watchdog = spawn(process.execPath, [join(import.meta.dirname, "watchdog.ts"), session], {
    detached: true,
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  watchdog.unref();
  const pipe = watchdog.stdin as NonNullable<typeof watchdog.stdin> & { unref?: () => void };
  pipe.unref?.();
  pipe.on("error", () => {}); // the watchdog was killed; without it we can only clear up as we end
  return () => {
    pipe.end("released\n");
  };
}
