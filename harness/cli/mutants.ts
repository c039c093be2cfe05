import { exposures } from "../../clusters/index.ts";
import { bootMutants } from "../../clusters/mutants/index.ts";
import { exposuresOf } from "../claim/exposure.ts";
import { ClaimRunner } from "../claim/runner.ts";
import { bootUnder } from "../cluster/boot.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { loadDefinition } from "../config/kind-config.ts";
import { Lab, RunScope } from "../lab/lab.ts";
import { Lease } from "../lease/lease.ts";
import { liveMutants } from "../mutant/live.ts";
import { judgeMutant, type LiveMutant, type Mutant } from "../mutant/mutant.ts";
import { checkWritable, writeReport } from "../reporters/write.ts";
import type { MutantResult, Report, Run } from "../results/schema.ts";
import { summarise } from "../results/summary.ts";
import { EnvironmentError, oneLine } from "../support/errors.ts";
import { holding, unlessEnding } from "./interrupt.ts";
import { chosen, configFile, ROOT } from "./paths.ts";
import { progressFor } from "./progress.ts";
import { runOf } from "./run.ts";
import { TOOL } from "./version.ts";

export interface MutantsOptions {
  claim?: string;
  mutant?: string;
  out: string;
}

/** Sabotages clusters and runs the claims that must notice. Returns 1 where a mutant survived. */
export async function mutants(options: MutantsOptions): Promise<number> {
  const startedAt = new Date();
  await checkWritable(options.out);
  await using runner = await ClaimRunner.start(ROOT);
  const known = (await runner.catalogue()).map(({ id }) => id);
  checkNames([...liveMutants, ...bootMutants], known);
  const wanted = chosen(
    "mutant",
    options.mutant,
    [...liveMutants, ...bootMutants].map(({ id }) => id),
  );
  const claims = chosen("claim", options.claim, known);
  const take = ({ id, breaks }: Mutant) =>
    (wanted.length === 0 || wanted.includes(id)) &&
    (claims.length === 0 || breaks.some((claim) => claims.includes(claim)));

  const matrix = new Matrix(runner);
  await matrix.live(liveMutants.filter(take));
  for (const mutant of bootMutants.filter(take)) await matrix.boot(mutant);
  const { runs, results } = matrix;
  const report: Report = {
    schema: 1,
    tool: TOOL,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    runs,
    mutants: results,
    summary: summarise(runs),
  };
  await writeReport(report, options.out);
  process.stdout.write(`${table(results)}\nreport: ${options.out}/index.html\n`);
  return results.some(({ survived }) => survived) ? 1 : 0;
}

/** A mutant that names a claim which is not there could never be killed, and nobody would notice. */
function checkNames(all: Mutant[], known: string[]): void {
  for (const { id, breaks } of all) {
    const wrong = breaks.find((claim) => !known.includes(claim));
    if (wrong) throw new EnvironmentError(`Mutant ${id} names a claim that is not there: ${wrong}.`);
  }
}

class Matrix {
  readonly runs: Run[] = [];
  readonly results: MutantResult[] = [];
  readonly #runner: ClaimRunner;
  readonly #progress = progressFor();

  constructor(runner: ClaimRunner) {
    this.#runner = runner;
  }

  /** One cluster for all live mutants: each is applied, looked at, undone. */
  async live(mutants: LiveMutant[]): Promise<void> {
    if (mutants.length === 0) return;
    await holding(await Lease.open(), async (lease) => {
      const definition = await loadDefinition(configFile("default"));
      const cluster = await bootUnder(lease, definition, { progress: this.#progress });
      for (const mutant of mutants) {
        await this.#attempt(mutant, "live", () =>
          this.#progress.step(`live mutant ${mutant.id}`, async (say) => {
            const started = performance.now();
            const undo = await mutant.apply(new Lab(new RunScope(cluster)));
            const claims = await this.#prove(cluster, mutant).finally(undo);
            this.#judge(mutant, "live", claims, performance.now() - started, say);
          }),
        );
      }
    });
  }

  /** A cluster of its own for each boot mutant. */
  boot(mutant: Mutant): Promise<void> {
    return this.#attempt(mutant, "boot", async () =>
      holding(await Lease.open(), (lease) => this.#boot(lease, mutant)),
    );
  }

  async #boot(lease: Lease, mutant: Mutant): Promise<void> {
    const started = performance.now();
    const definition = await loadDefinition(configFile(mutant.id));
    const { kubernetes } = mutant;
    const cluster = await bootUnder(lease, definition, { kubernetes, progress: this.#progress });
    await this.#progress.step(`boot mutant ${mutant.id}`, async (say) => {
      const claims = await this.#prove(cluster, mutant);
      this.runs.push(runOf(cluster, claims));
      this.#judge(mutant, "boot", claims, performance.now() - started, say);
    });
  }

  /** A mutant that cannot be applied has killed nothing; the others still have their turn. */
  async #attempt(mutant: Mutant, kind: MutantResult["kind"], work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    await work().catch(async (error: unknown) => {
      await unlessEnding();
      process.stderr.write(`  ${mutant.id} came to nothing: ${oneLine(error)}\n`);
      this.results.push({ ...judgeMutant(mutant, kind, [], performance.now() - started), survived: true });
    });
  }

  async #prove(cluster: Cluster, { breaks }: Mutant): Promise<Run["claims"]> {
    const setting = { facts: cluster.facts, exposures: await exposuresOf(cluster, exposures) };
    const channels = [...new Set(breaks.map((id) => id.split("/")[0] ?? ""))];
    return this.#runner.run(setting, { channels }, () => {});
  }

  #judge(
    mutant: Mutant,
    kind: MutantResult["kind"],
    claims: Run["claims"],
    ms: number,
    say: (s: string) => void,
  ): void {
    const result = judgeMutant(mutant, kind, claims, ms);
    this.results.push(result);
    say(verdictOf(result));
    if (!result.survived) return;
    for (const { id, verdict, reason } of claims.filter(({ id }) => mutant.breaks.includes(id))) {
      process.stderr.write(`  ${mutant.id}: ${id} is ${verdict}${reason ? `: ${oneLine(reason)}` : ""}\n`);
    }
  }
}

function verdictOf({ survived, equivalent, killedBy, breaks }: MutantResult): string {
  if (equivalent) return "equivalent, as proved";
  return survived
    ? `SURVIVED (${killedBy.length} of ${breaks.length} claims noticed)`
    : `killed by ${killedBy.join(", ")}`;
}

function table(results: MutantResult[]): string {
  const width = Math.max(...results.map(({ id }) => id.length), 0);
  return results
    .map((result) => {
      const beside = result.collateral.length > 0 ? ` (also ${result.collateral.join(", ")})` : "";
      return `${result.id.padEnd(width)}  ${verdictOf(result)}${beside}`;
    })
    .join("\n");
}
