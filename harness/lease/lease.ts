import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { providerOf } from "../provider/providers.ts";
import { cacheDirectory } from "../support/cache.ts";
import { EnvironmentError, oneLine } from "../support/errors.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { type LeaseFile, save, saveFacts } from "./lease-file.ts";
import { thisPlace } from "./owner.ts";
import { startTimeOf } from "./process-identity.ts";
import { reap } from "./reap.ts";

const LIFETIME_MS = 4 * 60 * 60 * 1000;

/**
 * The claim of one process on its clusters, containers and temporary files. It is written down before anything is made,
 * and a detached watchdog holds a pipe to the owner: however the owner ends, everything goes.
 */
export class Lease implements AsyncDisposable {
  readonly record: LeaseFile;
  readonly #watchdog: Watchdog;

  private constructor(record: LeaseFile, watchdog: Watchdog) {
    this.record = record;
    this.#watchdog = watchdog;
  }

  /** Opens a lease for this process and starts its watchdog. */
  static async open(): Promise<Lease> {
    const session = randomBytes(3).toString("hex");
    const record: LeaseFile = {
      session,
      pid: process.pid,
      started: startTimeOf(process.pid) ?? "",
      place: thisPlace(),
      deadline: new Date(Date.now() + LIFETIME_MS).toISOString(),
      directory: join(tmpdir(), `planeproof-${session}`),
      clusters: [],
    };
    save(record);
    record.directory = (await temporaryDirectory(session)).path;
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

  /** Writes a cluster down as ours, with the engine that will make it; before it is made, and with a watchdog that watches. */
  async holds(cluster: LeaseFile["clusters"][number]): Promise<void> {
    const [pin] = await Promise.all([providerOf(cluster.provider).pin(), this.#watchdog.ready]);
    this.record.clusters.push({ ...cluster, pin });
    save(this.record);
  }

  /** Leaves a cluster to the user (`up`, `--keep`): it stays until `down`. `loadFacts` gives its facts to other processes. */
  keep(cluster: string, facts: object): void {
    this.record.pid = 0;
    saveFacts(this.directory, cluster, facts);
    save(this.record);
    this.#watchdog.release();
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
    this.#watchdog.release();
  }
}

interface Watchdog {
  /** Ends when the watchdog holds its end of the pipe. */
  ready: Promise<void>;
  /** Tells it that all is well. */
  release: () => void;
}

/** Starts the watchdog in its own session, with a pipe from us as its stdin. */
function startWatchdog(session: string): Watchdog {
  const log = openSync(join(cacheDirectory("leases"), `${session}.log`), "a");
  const watchdog = spawn(process.execPath, [join(import.meta.dirname, "watchdog.ts"), session], {
    detached: true,
    stdio: ["pipe", log, log, "pipe"],
  });
  closeSync(log);
  watchdog.unref();
  const pipe = watchdog.stdin as NonNullable<typeof watchdog.stdin> & { unref?: () => void };
  pipe.unref?.();
  pipe.on("error", () => {}); // the watchdog was killed; without it we can only clear up as we end
  const ready = heardFrom(watchdog.stdio[3] as Readable & { unref?: () => void });
  ready.catch(() => {}); // thrown where it is awaited
  return { ready, release: () => void pipe.end("released\n") };
}

async function heardFrom(pipe: Readable & { unref?: () => void }): Promise<void> {
  const ended = once(pipe, "end").then(() => {
    throw new EnvironmentError("The watchdog that clears up after a killed run did not start.", {
      where: cacheDirectory("leases"),
      remedy: "look at the newest .log file there",
    });
  });
  ended.catch(() => {}); // it also ends when all is well
  await Promise.race([once(pipe, "data"), ended]);
  pipe.unref?.();
}
