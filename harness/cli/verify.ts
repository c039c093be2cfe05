import { exposures } from "../../clusters/index.ts";
import { exposuresOf } from "../claim/exposure.ts";
import { ClaimRunner, type Selection } from "../claim/runner.ts";
import { bootUnder } from "../cluster/boot.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type ClusterDefinition, loadDefinition } from "../config/kind-config.ts";
import { Lease } from "../lease/lease.ts";
import type { ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { terminalReport } from "../reporters/terminal.ts";
import { checkWritable, writeReport } from "../reporters/write.ts";
import type { Report, Run } from "../results/schema.ts";
import { summarise } from "../results/summary.ts";
import { BootError, oneLine, UsageError } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { collectEvidence } from "./evidence.ts";
import { holding, unlessEnding } from "./interrupt.ts";
import { channels, chosen, configFile, ROOT } from "./paths.ts";
import { progressFor } from "./progress.ts";
import { runOf } from "./run.ts";
import { TOOL } from "./version.ts";

export interface VerifyOptions {
  k8s?: string;
  channel?: string;
  claim?: string;
  out: string;
  keep: "never" | "on-failure" | "always";
  strict?: boolean;
  provider: ProviderName;
}

/** Boots each config on each version, runs the claims, writes the report. Returns the exit code: 0 or 1. */
export async function verify(configs: string[], options: VerifyOptions): Promise<number> {
  const startedAt = new Date();
  providerOf(options.provider);
  const definitions = await Promise.all(
    (configs.length > 0 ? configs : ["default"]).map((c) => loadDefinition(configFile(c))),
  );
  const channel = chosen("channel", options.channel, channels());
  await checkWritable(options.out);
  const versions = options.k8s?.split(",").map((version) => version.trim()) ?? [undefined];
  const runner = once(() => ClaimRunner.start(ROOT));
  const progress = progressFor();

  const selection: Selection = {
    channels: channel,
    claims: options.claim
      ? chosen(
          "claim",
          options.claim,
          (await (await runner()).catalogue()).map(({ id }) => id),
        )
      : [],
  };
  const runs: Run[] = [];
  try {
    for (const definition of definitions) {
      for (const kubernetes of versions) {
        runs.push(await verifyOne(definition, kubernetes, { selection, runner, progress, options }));
      }
    }
  } catch (error) {
    if (runs.length > 0) await tell(runs, startedAt, options.out); // what was proved before is worth having
    throw error;
  }
  await using _runner = await runner();
  return exitCode(await tell(runs, startedAt, options.out), options.strict ?? false);
}

/** Writes the report and prints its table; the table also where the report cannot be written. */
async function tell(runs: Run[], startedAt: Date, out: string): Promise<Report> {
  const report: Report = {
    schema: 1,
    tool: TOOL,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    runs,
    summary: summarise(runs),
  };
  const print = (written: string | undefined) =>
    process.stdout.write(terminalReport(report, { out: written }));
  await writeReport(report, out).catch((error: unknown) => {
    print(undefined);
    throw error;
  });
  print(out);
  return report;
}

/** 1 where a claim is not as expected, where nothing was exercised, and under --strict for a known exposure. */
function exitCode({ summary }: Report, strict: boolean): 0 | 1 {
  if (!summary.asExpected || summary.controls === 0) return 1;
  return strict && summary.knownExposure > 0 ? 1 : 0;
}

/** A function that does its work at its first call, and gives every caller what came of that. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

interface RunContext {
  selection: Selection;
  runner: () => Promise<ClaimRunner>;
  progress: Progress;
  options: VerifyOptions;
}

async function verifyOne(
  definition: ClusterDefinition,
  kubernetes: string | undefined,
  { selection, runner, progress, options }: RunContext,
): Promise<Run> {
  const lease = await Lease.open();
  return holding(lease, async () => {
    const cluster = await bootUnder(lease, definition, {
      kubernetes,
      provider: options.provider,
      progress,
      begun: () => void runner().catch(() => {}), // it takes a second; what goes wrong is told where it is awaited
    }).catch((error) => withLogs(error, lease, options));
    const claimRunner = await runner();
    const ended = new Map<string, Date>();
    const claims = await progress.step(`prove claims on ${definition.title}`, async (say) => {
      const setting = { facts: cluster.facts, exposures: await exposuresOf(cluster, exposures) };
      const dead = Promise.withResolvers<never>();
      const proved = claimRunner.run(setting, selection, (result) => {
        ended.set(result.id, new Date());
        say(`${ended.size} proved, last ${result.id}: ${result.verdict}`);
        if (result.verdict === "inconclusive") cluster.provider.requireWorking?.().catch(dead.reject);
      });
      return Promise.race([proved, dead.promise]);
    });
    if (claims.length === 0) {
      throw new UsageError("No claim was chosen.", {
        remedy: "`planeproof claims` lists what can be chosen",
      });
    }
    const failed = claims.filter(({ asExpected }) => !asExpected);
    if (failed.length > 0) {
      // Without evidence a report is still worth having.
      await progress
        .step("collect evidence", () => collectEvidence(cluster, failed, ended, options.out))
        .catch((error: unknown) => process.stderr.write(`  no evidence: ${oneLine(error)}\n`));
      await unlessEnding();
    }
    if (options.keep === "always" || (options.keep === "on-failure" && failed.length > 0))
      keep(lease, cluster);
    return runOf(cluster, claims);
  });
}

function keep(lease: Lease, cluster: Cluster): void {
  lease.keep(cluster.facts.name, cluster.facts);
  process.stderr.write(`kept ${cluster.facts.name}: KUBECONFIG=${cluster.facts.kubeconfig}\n`);
  process.stderr.write(`  planeproof down ${cluster.facts.name}\n`);
}

/** A boot that failed leaves its nodes for a moment: their logs go to the report's directory before they do. */
async function withLogs(error: unknown, lease: Lease, options: VerifyOptions): Promise<never> {
  if (!(error instanceof BootError)) throw error;
  await providerOf(options.provider).requireWorking?.();
  const directory = `${options.out}/evidence`;
  for (const { name, provider } of lease.record.clusters) {
    await providerOf(provider)
      .exportLogs(name, `${directory}/${name}`)
      .catch(() => {});
  }
  throw new BootError(`${error.message}\n  logs:     ${directory}`, { cause: error });
}
