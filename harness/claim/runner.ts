import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createVitest, escapeTestName, type TestCase, type Vitest } from "vitest/node";
import { oneLine } from "../errors.ts";
import type { ClaimResult } from "../report/schema.ts";
import type { CatalogueEntry, Setting } from "./claim.ts";

/** Which claims to run; without ids and channels, all. */
export interface Selection {
  channels?: readonly string[];
  claims?: readonly string[];
}

/** The suites of a directory, in a vitest of their own: listed, and run against clusters. */
export class ClaimRunner implements AsyncDisposable {
  readonly #vitest: Vitest;
  #seen: (test: TestCase) => void = () => {};

  private constructor(vitest: Vitest) {
    this.#vitest = vitest;
  }

  /** Starts vitest on the suites below `root`/suites. It takes a second: start it while a cluster boots. */
  static async start(root: string): Promise<ClaimRunner> {
    let seen: (test: TestCase) => void = () => {};
    const vitest = await createVitest({
      root,
      config: false,
      watch: false,
      include: ["suites/*/claims.ts"],
      // One worker that keeps its modules and its connections: claims wait for a cluster, not for a processor.
      pool: "threads",
      isolate: false,
      maxWorkers: 1,
      maxConcurrency: 8,
      testTimeout: 0, // a claim has its own time limit, which makes it inconclusive instead of dead
      passWithNoTests: true,
      reporters: [{ onTestCaseResult: (test) => seen(test) }],
    });
    const runner = new ClaimRunner(vitest);
    seen = (test) => runner.#seen(test);
    return runner;
  }

  /** Every claim there is, by id. */
  async catalogue(): Promise<CatalogueEntry[]> {
    // Claims are stated by a function of ours, which a parser does not know for a test: the suites have to be imported.
    const { testModules, unhandledErrors } = await this.#vitest.collect([], { staticParse: false });
    const broken = [...unhandledErrors, ...testModules.flatMap((module) => module.errors())];
    if (broken.length > 0)
      throw new Error(`A suite cannot be loaded: ${oneLine((broken[0] as Error).message)}`);
    return testModules
      .flatMap((module) => [...module.children.allTests()])
      .flatMap((test) => test.meta().entry ?? [])
      .sort((a, b) => a.id.localeCompare(b.id));
  }

  /** Runs claims on a cluster; each result is told as soon as it is there. */
  async run(
    setting: Omit<Setting, "run">,
    selection: Selection,
    told: (result: ClaimResult) => void,
  ): Promise<ClaimResult[]> {
    const results: ClaimResult[] = [];
    this.#seen = (test) => {
      const { result } = test.meta();
      if (!result) return;
      results.push(result);
      told(result);
    };
    this.#vitest.provide("planeproof", { ...setting, run: randomUUID() });
    if (selection.claims?.length) {
      this.#vitest.setGlobalTestNamePattern(
        new RegExp(`^(${selection.claims.map((id) => escapeTestName(id, false)).join("|")})$`),
      );
    } else {
      this.#vitest.resetGlobalTestNamePattern();
    }
    const channels = selection.channels ?? selection.claims?.map((id) => id.split("/")[0] ?? "");
    const filters = [...new Set(channels)].map((channel) => join("suites", channel, "/"));
    const { unhandledErrors } = await this.#vitest.start(filters);
    if (unhandledErrors[0]) throw unhandledErrors[0];
    return results.sort((a, b) => a.id.localeCompare(b.id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vitest.close();
  }
}
