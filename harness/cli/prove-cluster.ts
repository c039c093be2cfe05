import { exposures } from "../../clusters/index.ts";
import { exposuresOf } from "../claim/exposure.ts";
import type { ClaimRunner, Results, Selection } from "../claim/runner.ts";
import { bootUnder } from "../cluster/boot.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { Lease } from "../lease/lease.ts";
import type { ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import type { Run } from "../results/schema.ts";
import { BootError, oneLine } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { collectEvidence } from "./evidence.ts";
import { exportLogs } from "./exported-logs.ts";
import { holding, unlessEnding } from "./interrupt.ts";
import { runOf } from "./run.ts";

/** What is proved on each cluster, and how. */
export interface Proof {
  selection: Selection;
  runner: () => Promise<ClaimRunner>;
  progress: Progress;
  provider: ProviderName;
  /** The report's directory: evidence goes below it. */
  out: string;
  keep: "never" | "on-failure" | "always";
}

/** Boots a cluster, proves the claims on it, and destroys it unless it is to be kept. */
export async function proveCluster(
  definition: ClusterDefinition,
  kubernetes: string | undefined,
  proof: Proof,
): Promise<Run> {
  return holding(await Lease.open(), async (lease) => {
    const cluster = await boot(lease, definition, kubernetes, proof);
    const { claims, lost, endedAt } = await proveClaims(cluster, proof);
    const failed = claims.filter(({ asExpected, leftBehind }) => !asExpected || leftBehind);
    if (failed.length > 0) {
      await proof.progress
        .step("collect evidence", () => collectEvidence(cluster, failed, endedAt, proof.out))
        .then(tellMissing)
        // Without evidence a report is still worth having.
        .catch((error: unknown) => process.stderr.write(`  no evidence: ${oneLine(error)}\n`));
      await unlessEnding();
    }
    if (proof.keep === "always" || (proof.keep === "on-failure" && failed.length > 0)) keep(lease, cluster);
    return { ...runOf(cluster, claims), ...(lost.length > 0 && { lost }) };
  });
}

function boot(
  lease: Lease,
  definition: ClusterDefinition,
  kubernetes: string | undefined,
  { provider, progress, runner, out }: Proof,
): Promise<Cluster> {
  return bootUnder(lease, definition, {
    kubernetes,
    provider,
    progress,
    begun: () => void runner().catch(() => {}), // it takes a second; the error is thrown where it is awaited
  }).catch((error: unknown) => withLogs(error, lease, { provider, out }));
}

/** A boot that failed leaves its nodes for a moment: their logs go to the report's directory before they do. */
async function withLogs(
  error: unknown,
  lease: Lease,
  { provider, out }: Pick<Proof, "provider" | "out">,
): Promise<never> {
  if (!(error instanceof BootError)) throw error;
  await providerOf(provider).requireWorking?.();
  const directory = `${out}/evidence`;
  for (const { name } of lease.record.clusters)
    tellMissing(await exportLogs({ name, provider, scratch: lease.directory }, `${directory}/${name}`));
  throw new BootError(`${error.message}\n  logs:     ${directory}`, { cause: error });
}

function tellMissing(missing: string[]): void {
  for (const what of missing) process.stderr.write(`  the logs are not complete: ${what}\n`);
}

async function proveClaims(
  cluster: Cluster,
  { selection, runner, progress }: Proof,
): Promise<Results & { endedAt: Map<string, Date> }> {
  const claimRunner = await runner();
  const endedAt = new Map<string, Date>();
  const results = await progress.step(`prove claims on ${cluster.facts.title}`, async (say) => {
    const setting = { facts: cluster.facts, exposures: await exposuresOf(cluster, exposures) };
    const dead = Promise.withResolvers<never>();
    const proved = claimRunner.run(setting, selection, (result) => {
      endedAt.set(result.id, new Date());
      say(`${endedAt.size} proved, last ${result.id}: ${result.verdict}`);
      if (result.verdict === "inconclusive") cluster.provider.requireWorking?.().catch(dead.reject);
    });
    return Promise.race([proved, dead.promise]);
  });
  return { ...results, endedAt };
}

function keep(lease: Lease, { facts }: Cluster): void {
  lease.keep(facts.name, facts);
  process.stderr.write(`kept ${facts.name}: KUBECONFIG=${facts.kubeconfig}\n`);
  process.stderr.write(`  planeproof down ${facts.name}\n`);
}
