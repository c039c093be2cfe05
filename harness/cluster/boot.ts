import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ClusterDefinition, loadDefinition } from "../config/kind-config.ts";
import { configInForce } from "../config/normalise.ts";
import { DEFAULT_KUBERNETES, KubernetesVersion } from "../config/version.ts";
import { ensureImage, ensureLoadBalancer } from "../image/index.ts";
import { Lease } from "../lease/lease.ts";
import { Node } from "../node/node.ts";
import type { ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { EnvironmentError, UsageError } from "../support/errors.ts";
import { type Progress, silent, timed } from "../support/progress.ts";
import { Cluster, type ClusterSettings } from "./cluster.ts";
import { type KubeadmConfig, kubeadmConfigOnceReady } from "./kubectl.ts";
import { checkPatches, provePatches } from "./prove-settings.ts";
import { approveServingCertificates } from "./serving-certificates.ts";

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
  {
    kubernetes,
    name,
    provider: providerName = "kind",
    progress: shown = silent,
    begun = () => {},
  }: BootOptions = {},
): Promise<Cluster> {
  const provider = providerOf(providerName);
  checkPatches(definition); // before anything is built or booted
  const image = await nodeImage(definition, kubernetes, shown);
  if (controlPlanes(definition) > 1) await ensureLoadBalancer(shown);
  const started = performance.now(); // an image that had to be built first would make minutes of a boot of seconds
  const progress = timed(shown);
  const config = configInForce(
    definition,
    new KubernetesVersion(image.kubernetes),
    patchesForThisHost(image.kubernetes),
  );
  const own = name ?? clusterName(definition.title, image.kubernetes, lease.session);
  if ((await provider.list()).includes(own)) {
    throw new UsageError(`The name ${own} is taken.`, {
      expected: "a name that no kind cluster on this machine has",
      found: `${own}, which is left as it is`,
      remedy: "give another --name, or see `planeproof ls`",
    });
  }

  lease.holds({ name: own, title: definition.title, provider: providerName });
  const kubeconfig = join(lease.directory, `${own}.kubeconfig`);
  await provider.create({
    name: own,
    config,
    image: image.reference,
    kubeconfig,
    progress,
    started: (pid) => {
      lease.started(pid);
      begun();
    },
  });

  const facts = await provider.nodes(own);
  const nodes = facts.map((node) => new Node(node, provider.transport(node.name)));
  const names = facts.map((node) => node.name);
  const controlPlane = nodes.find(({ role }) => role === "control-plane");
  if (!controlPlane) throw new EnvironmentError(`Cluster ${own} has no control plane.`);
  const written = await progress.step("nodes ready", () => kubeadmConfigOnceReady(controlPlane, names));
  if (written.kubeletConfiguration.serverTLSBootstrap) {
    await progress.step("serving certificates approved", () =>
      approveServingCertificates(controlPlane, names),
    );
  }
  const patches = await progress.step("prove patches", () =>
    provePatches(definition, nodes, { controlPlane, written }),
  );
  return new Cluster({
    name: own,
    title: definition.title,
    config: definition.path,
    provider: providerName,
    kubernetes: image.kubernetes,
    session: lease.session,
    kubeconfig,
    // The network of containers may have more families than the cluster: what its kubelets report comes first.
    nodes: facts.map((node) => ({
      ...node,
      addresses: [...new Set([...(written.addresses[node.name] ?? []), ...node.addresses])],
    })),
    settings: settings(written),
    patches,
    boot: { ms: Math.round(performance.now() - started), steps: progress.steps },
  });
}

function controlPlanes({ config }: ClusterDefinition): number {
  // kind takes a node without a role for a control plane (v1alpha4/default.go, SetDefaultsNode).
  return (config.nodes ?? []).filter(({ role = "control-plane" }) => role === "control-plane").length;
}

async function nodeImage(
  definition: ClusterDefinition,
  kubernetes: string | undefined,
  progress: Progress,
): Promise<{ reference: string | undefined; kubernetes: string }> {
  const own = definition.config.nodes?.find(({ image }) => image)?.image;
  const tag = own && /:v?(1\.\d+\.\d+)/.exec(own)?.[1];
  if (kubernetes === undefined && tag) return { reference: undefined, kubernetes: `v${tag}` };
  return ensureImage(kubernetes ?? DEFAULT_KUBERNETES, progress);
}

/** A kubelet from 1.35 refuses to start on cgroup v1 unless it is told otherwise (KEP-5573). */
function patchesForThisHost(kubernetes: string): Record<string, unknown>[] {
  const cgroupV2 = existsSync("/sys/fs/cgroup/cgroup.controllers");
  if (cgroupV2 || !new KubernetesVersion(kubernetes).atLeast("1.35")) return [];
  return [{ kind: "KubeletConfiguration", failCgroupV1: false }];
}

/** Host names have at most 63 characters, and kind appends `-control-plane2`. */
function clusterName(title: string, kubernetes: string, session: string): string {
  const readable = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 20)
    .replace(/^-|-$/g, "");
  return ["pp", readable, kubernetes.split(".")[1], session].join("-");
}

function settings({ clusterConfiguration }: KubeadmConfig): ClusterSettings {
  const written = clusterConfiguration as Partial<ClusterSettings> & { networking?: { dnsDomain?: string } };
  return {
    certificatesDir: written.certificatesDir ?? "/etc/kubernetes/pki",
    clusterName: written.clusterName ?? "kubernetes",
    dnsDomain: written.networking?.dnsDomain ?? "cluster.local",
  };
}
