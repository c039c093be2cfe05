import { type ClusterDefinition, loadDefinition } from "../config/kind-config.ts";
import { KubernetesVersion } from "../config/version.ts";
import { Lease } from "../lease/lease.ts";
import type { Node, NodeFacts } from "../node/node.ts";
import type { ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { type Progress, silent, timed } from "../support/progress.ts";
import { checkConfig } from "./check-config.ts";
import { Cluster } from "./cluster.ts";
import { clusterName, requireFreeName } from "./cluster-name.ts";
import { createNodes } from "./create-nodes.ts";
import { bootImages, wantedVersion } from "./node-image.ts";
import { nodesReady } from "./nodes-ready.ts";
import { proveSettings } from "./prove-settings.ts";
import { approveServingCertificates } from "./serving-certificates.ts";
import { settingsOf } from "./settings.ts";

export interface BootOptions {
  /** A version, or a minor of which the newest patch is taken: for all nodes, also where the config names images. */
  kubernetes?: string | undefined;
  /** The cluster's own name; one that says where it comes from unless given. */
  name?: string | undefined;
  provider?: ProviderName;
  progress?: Progress;
  /** Told when the provider has begun: what the caller loads from then on costs the boot nothing. */
  begun?: () => void;
}

/**
 * Boots a cluster under a lease of its own, for users of the library: `await using owned = await boot("my-kind.yaml")`.
 * It is destroyed at the end of the block, or when this process ends, however it ends.
 */
export async function boot(
  config: string,
  options: BootOptions = {},
): Promise<AsyncDisposable & { cluster: Cluster }> {
  const definition = await loadDefinition(config);
  const lease = await Lease.open();
  try {
    const cluster = await bootUnder(lease, definition, options);
    return { cluster, [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose]() };
  } catch (error) {
    await lease[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Boots a cluster that belongs to a lease, and proves every patch of its config in the live processes.
 * @throws UsageError for a config that is wrong or a name that is taken, BootError with the failing component's words.
 */
export async function bootUnder(
  lease: Lease,
  definition: ClusterDefinition,
  options: BootOptions = {},
): Promise<Cluster> {
  const provider = providerOf(options.provider ?? "kind");
  const { kubernetes } = options;
  const wanted = await wantedVersion(definition, kubernetes, options.progress ?? silent);
  checkConfig(definition, wanted);
  const images = await bootImages(definition, { kubernetes, wanted }, options.progress ?? silent);
  const started = performance.now(); // an image that had to be built first would make minutes of a boot of seconds
  const progress = timed(options.progress ?? silent);

  const name = options.name ?? clusterName(definition.title, images.kubernetes, lease.session);
  await requireFreeName(name, provider);
  const making = { lease, provider, progress, begun: options.begun ?? (() => {}) };
  const kubeconfig = await createNodes(name, definition, images, making);
  const { nodes, facts, controlPlane, written } = await nodesReady(name, definition, provider, progress);
  await approveServingCertificates(controlPlane, nodes, progress);
  const patches = await progress.step("prove settings", () =>
    proveSettings(definition, nodes, {
      controlPlane,
      version: new KubernetesVersion(written.version),
      kubeadmConfig: (node) => provider.kubeadmConfig(machineOf(node, facts)),
    }),
  );

  return new Cluster({
    name,
    title: definition.title,
    config: definition.path,
    provider: provider.name,
    kubernetes: written.version,
    kubeconfig,
    nodes: facts,
    settings: settingsOf(written),
    patches,
    boot: { ms: Math.round(performance.now() - started), steps: progress.steps },
  });
}

function machineOf({ name }: Node, facts: readonly NodeFacts[]): string {
  return facts.find((node) => node.name === name)?.machine ?? name;
}
