import { randomUUID } from "node:crypto";
import { globSync } from "node:fs";
import { join, sep } from "node:path";
import type { TestCase, TestRunResult, Vitest } from "vitest/node";
import type { ClaimResult } from "../results/schema.ts";
import { oneLine } from "../support/errors.ts";
import { register } from "../support/secrets/registry.ts";
import type { CatalogueEntry, RunSetup } from "./claim.ts";
import { channelOf } from "./spec.ts";

/** What came of the claims that were chosen. */
export interface Results {
  claims: ClaimResult[];
  /** Those that gave no result. */
  lost: string[];
}

/** Which claims to run: those of the channels and those named, together; without any, all. */
export interface Selection {
  channels?: readonly string[];
  claims?: readonly string[];
}

/** The suites of a directory, in a vitest of their own: listed, and run against clusters. */
export class ClaimRunner implements AsyncDisposable {
  readonly #vitest: Vitest;
  #seen: (test: TestCase) => void = () => {};

  readonly #suites: readonly string[];
  #loads = 0;

  private constructor(vitest: Vitest, suites: readonly string[]) {
    this.#vitest = vitest;
    this.#suites = suites;
  }

  /**
   * Starts vitest on directories of channels, `root`/suites unless given. It takes a second: start it while a cluster boots.
   */
  static async start(root: string, suites = [join(root, "suites")]): Promise<ClaimRunner> {
    let seen: (test: TestCase) => void = () => {};
    const signals = ["SIGINT", "SIGTERM"] as const;
    const ours = new Set(signals.flatMap((signal) => process.listeners(signal)));
    const { createVitest } = await import("vitest/node"); // a tenth of a second that a boot need not wait for
    const vitest = await createVitest({
      root,
      config: false,
      watch: false,
      include: ["harness/claim/vitest-entry.ts"],
      // One worker that keeps its modules and its connections: claims wait for a cluster, not for a processor.
      pool: "forks",
      execArgv: ["--optimize-for-size"], // a quarter of its memory, for no time that could be measured
      // Node strips types by itself: Vite's own module graph would cost memory and time.
      experimental: { viteModuleRunner: false, nodeLoader: false },
      isolate: false,
      maxWorkers: 1,
      maxConcurrency: Number.MAX_SAFE_INTEGER, // who runs beside whom is for the gate to say
      testTimeout: 0, // a claim has its own time limit, which makes it inconclusive instead of dead
      passWithNoTests: true,
      reporters: [{ onTestCaseResult: (test) => seen(test) }],
    });
    // Vite's own listeners end the process at once: what to do on a signal is for our caller to say, who holds a cluster.
    for (const signal of signals) {
      const added = process.listeners(signal).filter((listener) => !ours.has(listener));
      for (const listener of added) process.removeListener(signal, listener);
    }
    const runner = new ClaimRunner(vitest, suites);
    seen = (test) => runner.#seen(test);
    return runner;
  }

  /** Every claim there is, by id. */
  async catalogue(): Promise<CatalogueEntry[]> {
    // Claims are stated by a function of ours, which a parser does not know for a test: the suites have to be imported.
    this.#provideSuites([]);
    return entriesOf(await this.#vitest.collect([], { staticParse: false }));
  }

  /** Runs claims on a cluster, those of some channels and some by id; each result is told as soon as it is there. */
  async run(
    setting: Omit<RunSetup, "run">,
    selection: Selection,
    told: (result: ClaimResult) => void = () => {},
  ): Promise<Results> {
    const results: ClaimResult[] = [];
    this.#seen = (test) => {
      const { result, secrets = [] } = test.meta();
      for (const secret of secrets) register(secret);
      if (!result) return;
      results.push(result);
      told(result);
    };
    this.#vitest.provide("planeproof", { ...setting, run: randomUUID() });
    const { channels = [], claims = [] } = selection;
    const chosen = (id: string) =>
      channels.length + claims.length === 0 || channels.includes(channelOf(id)) || claims.includes(id);
    if (claims.length > 0) {
      const { escapeTestName } = await import("vitest/node");
      const names = [
        ...channels.map((channel) => `${channel}/.*`),
        ...claims.map((id) => escapeTestName(id, false)),
      ];
      this.#vitest.setGlobalTestNamePattern(new RegExp(`^(${names.join("|")})$`));
    } else {
      this.#vitest.resetGlobalTestNamePattern();
    }
    this.#provideSuites([...channels, ...claims.map(channelOf)]);
    const catalogue = entriesOf(await this.#vitest.start());
    const seen = new Set(results.map(({ id }) => id));
    const lost = catalogue.map(({ id }) => id).filter((id) => chosen(id) && !seen.has(id));
    return { claims: results.sort((a, b) => a.id.localeCompare(b.id)), lost };
  }

  /** Says which suites the next run has, those of some channels or all: a channel's claims.ts, or the files of its claims/. */
  #provideSuites(channels: string[]): void {
    const files = this.#suites.flatMap((directory) =>
      globSync("*/{claims,claims/*}.ts", { cwd: directory })
        .filter((file) => channels.length === 0 || channels.includes(file.split(sep)[0] ?? ""))
        .sort()
        .map((file) => join(directory, file)),
    );
    this.#loads += 1;
    this.#vitest.provide("suites", { load: this.#loads, files });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vitest.close();
  }
}

/** Every claim that was stated, by id, whether it ran or not. */
function entriesOf(result: TestRunResult): CatalogueEntry[] {
  return loaded(result)
    .flatMap((module) => [...module.children.allTests()])
    .flatMap((test) => test.meta().entry ?? [])
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** The modules of a run. A suite that could not be loaded is an error: its claims would be missing without a word. */
function loaded({ testModules, unhandledErrors }: TestRunResult): TestRunResult["testModules"] {
  const broken = [...unhandledErrors, ...testModules.flatMap((module) => module.errors())];
  if (broken.length === 0) return testModules;
  throw new Error(`A suite cannot be loaded: ${oneLine((broken[0] as Error).message)}`);
}
