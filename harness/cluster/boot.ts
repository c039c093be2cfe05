import { type ClusterDefinition, loadDefinition } from "../config/kind-config.ts";
import { Lease } from "../lease/lease.ts";
import { Node } from "../node/node.ts";
import type { Provider, ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { EnvironmentError } from "../support/errors.ts";
import { type Progress, silent, timed } from "../support/progress.ts";
import { Cluster } from "./cluster.ts";
import { clusterName, requireFreeName } from "./cluster-name.ts";
import { createNodes } from "./create-nodes.ts";
import { kubeadmConfigOnceReady } from "./kubectl.ts";
import { bootImages } from "./node-image.ts";
import { checkPatches, provePatches } from "./prove-settings.ts";
import { approveServingCertificates } from "./serving-certificates.ts";
import { settingsOf } from "./settings.ts";

export interface BootOptions {
  /** A version, or a minor of which the newest patch is taken; ignored where the config names its nodes' images. */
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
  const { progress = silent, begun = () => {} } = options;
  checkPatches(definition); // before anything is built or booted
  const image = await bootImages(definition, options.kubernetes, progress);
  const started = performance.now(); // an image that had to be built first would make minutes of a boot of seconds
  const steps = timed(progress);

  const name = options.name ?? clusterName(definition.title, image.kubernetes, lease.session);
  await requireFreeName(name, provider);
  const kubeconfig = await createNodes(name, definition, image, { lease, provider, progress: steps, begun });
  const nodes = await nodesOf(name, provider);
  const controlPlane = firstControlPlane(name, nodes);
  const names = nodes.map((node) => node.name);
  const written = await steps.step("nodes ready", () => kubeadmConfigOnceReady(controlPlane, names));
  if (written.kubeletConfiguration.serverTLSBootstrap) {
    await steps.step("serving certificates approved", () => approveServingCertificates(controlPlane, names));
  }
  const patches = await steps.step("prove patches", () =>
    provePatches(definition, nodes, { controlPlane, written, kubeadmConfig: provider.kubeadmConfig }),
  );

  return new Cluster({
    name,
    title: definition.title,
    config: definition.path,
    provider: provider.name,
    kubernetes: image.kubernetes,
    kubeconfig,
    // The network of containers may have more families than the cluster: what its kubelets report comes first.
    nodes: nodes.map(({ name, role, addresses }) => ({
      name,
      role,
      addresses: [...new Set([...(written.addresses[name] ?? []), ...addresses])],
    })),
    settings: settingsOf(written),
    patches,
    boot: { ms: Math.round(performance.now() - started), steps: steps.steps },
  });
}

async function nodesOf(cluster: string, provider: Provider): Promise<Node[]> {
  const facts = await provider.nodes(cluster);
  return facts.map((node) => new Node(node, provider.transport(node.name)));
}

function firstControlPlane(cluster: string, nodes: Node[]): Node {
  const found = nodes.find(({ role }) => role === "control-plane");
  if (found) return found;
  throw new EnvironmentError(`Cluster ${cluster} has no control plane.`);
}
