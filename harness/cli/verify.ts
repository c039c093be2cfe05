import { ClaimRunner, type Selection } from "../claim/runner.ts";
import { type ClusterDefinition, loadDefinition } from "../config/kind-config.ts";
import { pruneInBackground } from "../lease/prune.ts";
import type { ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { terminalReport } from "../reporters/terminal.ts";
import { checkWritable, writeReport } from "../reporters/write.ts";
import type { Report, Run } from "../results/schema.ts";
import { Memo } from "../support/memo.ts";
import { redactAll } from "../support/secrets/registry.ts";
import { requireUndone } from "./left-behind.ts";
import { loadChannels } from "./load-channels.ts";
import { chosen, configFile, ROOT } from "./paths.ts";
import { progressFor } from "./progress.ts";
import { type Proof, proveCluster } from "./prove-cluster.ts";
import { reportOf } from "./report-of.ts";

export interface VerifyOptions {
  /** Versions or minors, separated by commas. */
  k8s?: string;
  /** Ids, separated by commas. */
  channel?: string;
  claim?: string;
  out: string;
  keep: "never" | "on-failure" | "always";
  strict?: boolean;
  provider: ProviderName;
}

/** Boots each config on each version, proves the claims, writes the report. Returns the exit code: 0 or 1. */
export async function verify(configs: string[], options: VerifyOptions): Promise<number> {
  const startedAt = new Date();
  const memo = new Memo();
  const runner = () => memo.get("runner", () => ClaimRunner.start(ROOT));
  // A wrong command line or config is found before anything boots.
  providerOf(options.provider);
  const definitions = await load(configs);
  const versions = options.k8s?.split(",").map((version) => version.trim()) ?? [undefined];
  const channels = await loadChannels();
  const channelIds = channels.map(({ id }) => id);
  await checkWritable(options.out);
  pruneInBackground();
  const selection = {
    channels: chosen("channel", options.channel, channelIds),
    claims: await chosenClaims(options.claim, runner),
  };

  const proof: Proof = { ...options, selection, runner, progress: progressFor() };
  const runs: Run[] = [];
  try {
    for (const definition of definitions)
      for (const kubernetes of versions) runs.push(await proveCluster(definition, kubernetes, proof));
  } catch (error) {
    if (runs.length > 0) await publish(reportOf({ channels, runs, startedAt }), options.out); // what was proved before is worth having
    throw error;
  }
  await using _runner = await runner();
  const report = reportOf({ channels, runs, startedAt });
  await publish(report, options.out);
  requireUndone(runs);
  return exitCode(report, options.strict ?? false);
}

/**
 * 3 where a claim gave no result; 1 where one is not as expected, where nothing was exercised, and under --strict for a known
 * exposure and for what the environment kept from being exercised.
 */
export function exitCode({ summary, runs }: Pick<Report, "summary" | "runs">, strict: boolean): 0 | 1 | 3 {
  if (runs.some(({ lost = [] }) => lost.length > 0)) return 3;
  if (!summary.asExpected || summary.controls === 0) return 1;
  const { knownExposure, missingEnvironment = 0 } = summary;
  return strict && knownExposure + missingEnvironment > 0 ? 1 : 0;
}

function load(configs: string[]): Promise<ClusterDefinition[]> {
  const named = configs.length > 0 ? configs : ["default"];
  return Promise.all(named.map((config) => loadDefinition(configFile(config))));
}

/** The catalogue takes a second to load: only --claim needs it. */
async function chosenClaims(
  given: string | undefined,
  runner: () => Promise<ClaimRunner>,
): Promise<NonNullable<Selection["claims"]>> {
  if (!given) return [];
  const catalogue = await (await runner()).catalogue();
  const known = catalogue.map(({ id }) => id);
  return chosen("claim", given, known);
}

/** Writes the report and prints its table; the table also where the report cannot be written. */
async function publish(report: Report, out: string): Promise<void> {
  const print = (written: string | undefined) =>
    process.stdout.write(terminalReport(redactAll(report), { out: written }));
  await writeReport(report, out).catch((error: unknown) => {
    print(undefined);
    throw error;
  });
  print(out);
}
