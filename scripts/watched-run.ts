import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "../harness/cli/paths.ts";
import { engine } from "../harness/engine/engine.ts";
import { leases, load } from "../harness/lease/lease-file.ts";

/** A run of `verify default`, and what there is of it while it runs and after it. */
export class WatchedRun {
  readonly process: ChildProcess;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  hasEnded = false;
  readonly #temporary: string;
  readonly #sessions = new Set<string>();

  /**
   * @param temporary an empty directory for its temporary files, and nothing else. By it, its processes are known, too
   * @param out the report's directory
   */
  constructor(temporary: string, out: string, env: Record<string, string> = {}) {
    this.#temporary = temporary;
    const argv = [join(ROOT, "harness/cli/main.ts"), "verify", "default", "--out", out];
    this.process = spawn(process.execPath, argv, {
      stdio: "ignore",
      env: { ...process.env, ...env, TMPDIR: temporary },
    });
    this.ended = this.#follow();
  }

  async #follow(): Promise<number | null> {
    const ending = once(this.process, "exit").then(([exitCode]) => {
      this.hasEnded = true;
      return exitCode;
    });
    while (!this.hasEnded) {
      this.#note();
      await Promise.race([ending, delay(50)]);
    }
    return ending;
  }

  /** Which sessions it has opened: a lease names its owner. */
  #note(): void {
    for (const { pid, session } of leases()) if (pid === this.process.pid) this.#sessions.add(session);
  }

  /** What there is of it: containers, processes, temporary files, leases. Looks until nothing is, for `graceMs` at most. */
  async left(graceMs: number): Promise<string[]> {
    const started = performance.now();
    let left = await this.#look();
    while (left.length > 0 && performance.now() - started < graceMs) {
      await delay(250);
      left = await this.#look();
    }
    return left;
  }

  async #look(): Promise<string[]> {
    this.#note();
    // A neighbour's name says nothing; its label has the cluster's name, and that the session.
    const { exitCode, stdout } = await engine(["ps", "-a", "--format", "{{.Names}} {{.Labels}}"], {
      reject: false,
    });
    if (exitCode !== 0) return ["an engine that does not answer"];
    const containers = stdout
      .split("\n")
      .filter((line) => [...this.#sessions].some((session) => line.includes(session)));
    return [
      ...containers.map((line) => `container ${line.split(" ")[0]}`),
      ...processesWith(`TMPDIR=${this.#temporary}`).map((id) => `process ${id}`),
      ...readdirSync(this.#temporary).map((name) => `temporary ${name}`),
      ...[...this.#sessions].filter((session) => load(session)).map((session) => `lease ${session}`),
    ];
  }
}

/** The ids of the processes that were started with a variable of the environment. */
function processesWith(variable: string): string[] {
  return readdirSync("/proc").filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/environ`, "utf8").split("\0").includes(variable);
    } catch {
      return false; // it ended meanwhile, or is somebody else's
    }
  });
}
