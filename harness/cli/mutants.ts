import { exposures } from "../../clusters/index.ts";
import { ClaimRunner } from "../claim/runner.ts";
import { loadDefinition } from "../config/kind-config.ts";
import { Lease } from "../lease/lease.ts";
import { pruneInBackground } from "../lease/prune.ts";
import { fateOf, KillMatrix } from "../mutant/matrix.ts";
import { isBoot, kindFile, type Mutant, targetsOf } from "../mutant/mutant.ts";
import { checkWritable, writeReport } from "../reporters/write.ts";
import { coverageInWords, coverageOf, proofOf } from "../results/coverage.ts";
import type { ControlCoverage, MutantResult } from "../results/schema.ts";
import { UsageError } from "../support/errors.ts";
import { holding, unlessEnding } from "./interrupt.ts";
import { loadChannels } from "./load-channels.ts";
import { checkBreaks, loadMutants } from "./load-mutants.ts";
import { chosen, configFile, ROOT } from "./paths.ts";
import { progressFor } from "./progress.ts";
import { reportOf } from "./report-of.ts";
import { runOf } from "./run.ts";

export interface MutantsOptions {
  claim?: string;
  mutant?: string;
  print?: string;
  out: string;
}

/**
 * Sabotages clusters and runs the claims that must notice, before, during and after. Returns 1 where a mutant survived, and
 * where all were applied and a negative control is neither killed nor invariant.
 */
export async function mutants({ claim, mutant, print, out }: MutantsOptions): Promise<number> {
  const startedAt = new Date();
  const all = await loadMutants();
  const ids = all.map(({ id }) => id);
  if (print !== undefined) return printKindFile(all, chosen("mutant", print, ids));
  const wanted = chosen("mutant", mutant, ids);
  const channels = await loadChannels();
  await checkWritable(out);
  pruneInBackground();
  await using runner = await ClaimRunner.start(ROOT);
  const known = (await runner.catalogue()).map(({ id }) => id);
  checkBreaks(all, known);
  const claims = chosen("claim", claim, known);

  const matrix = new KillMatrix({
    runner,
    definition: (name) => loadDefinition(configFile(name)),
    exposures,
    progress: progressFor(),
    leased: async (work) => holding(await Lease.open(), work),
    tell: async (line) => {
      await unlessEnding();
      process.stderr.write(`  ${line}\n`);
    },
  });
  await matrix.run(
    all.filter(
      (one) =>
        (wanted.length === 0 || wanted.includes(one.id)) &&
        (claims.length === 0 || claims.some((id) => targetsOf(one).has(id))),
    ),
  );
  const homes = new Map(all.map(({ id, channel }) => [id, `suites/${channel}/mutants.ts`]));
  const runs = matrix.booted.map(({ mutant, cluster, claims }) => ({
    ...runOf(cluster, claims),
    config: homes.get(mutant.id) ?? mutant.id, // where its patch stands
  }));
  const coverage = coverageOf(matrix.unsabotaged, matrix.results);
  await writeReport(reportOf({ channels, runs, mutants: matrix.results, coverage, startedAt }), out);
  process.stdout.write(`${table(matrix.results)}\n${uncovered(coverage)}report: ${out}/index.html\n`);
  const open =
    wanted.length + claims.length === 0 && coverage.some((control) => proofOf(control) === "neither");
  return open || matrix.results.some(({ survived }) => survived) ? 1 : 0;
}

/** Prints the kind config of boot mutants, one YAML document each, for kind without planeproof. */
function printKindFile(all: Mutant[], ids: string[]): number {
  const wanted = all.filter(({ id }) => ids.includes(id));
  const live = wanted.find((mutant) => !isBoot(mutant));
  if (live) {
    throw new UsageError(`Mutant ${live.id} has no kind config file.`, {
      expected: `a boot mutant: ${all
        .filter(isBoot)
        .map(({ id }) => id)
        .join(", ")}`,
      found: `a live mutant, which is applied to a running cluster: it ${live.does}`,
      remedy: `planeproof mutants --mutant ${live.id}`,
    });
  }
  process.stdout.write(wanted.filter(isBoot).map(kindFile).join("---\n"));
  return 0;
}

/** Control coverage, and each control that nothing has shown to be able to fail. */
function uncovered(coverage: readonly ControlCoverage[]): string {
  const neither = coverage.filter((control) => proofOf(control) === "neither");
  return [
    coverageInWords(coverage),
    ...neither.map(({ claim, control }) => `  neither  ${claim}: ${control}`),
    "",
  ].join("\n");
}

function table(results: MutantResult[]): string {
  const width = Math.max(...results.map(({ id }) => id.length), 0);
  return results
    .map((result) => {
      const beside = result.collateral.length > 0 ? ` (also ${result.collateral.join(", ")})` : "";
      return `${result.id.padEnd(width)}  ${fateOf(result)}${beside}`;
    })
    .join("\n");
}
