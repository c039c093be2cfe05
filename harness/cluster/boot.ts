import { existsSync } from "node:fs";
import { join } from "node:path";
import { CertificatesV1Api, CoreV1Api } from "@kubernetes/client-node";
import { parse } from "yaml";
import { EnvironmentError, UsageError } from "../errors.ts";
import { ensureImage } from "../image/index.ts";
import { Node } from "../node/node.ts";
import { type Progress, silent, timed } from "../progress.ts";
import { until } from "../until.ts";
import { adminConfig, Cluster, type ClusterSettings } from "./cluster.ts";
import { type ClusterDefinition, loadDefinition } from "./definition.ts";
import { Lease } from "./lease.ts";
import { configInForce } from "./patches.ts";
import { checkPatches, provePatches } from "./prove.ts";
import type { ProviderName } from "./provider.ts";
import { providerOf } from "./providers.ts";
import { approveServingCertificates, asksForServingCertificates } from "./serving-certificates.ts";
import { DEFAULT_KUBERNETES, KubernetesVersion } from "./version.ts";

export interface BootOptions {
  /** A version, or a minor of which the newest patch is taken; ignored where the config names its nodes' images. */
  kubernetes?: string | undefined;
  /** The cluster's own name; one that says where it comes from unless given. */
  name?: string | undefined;
  provider?: ProviderName;
  progress?: Progress;
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
  { kubernetes, name, provider: providerName = "kind", progress: shown = silent }: BootOptions = {},
): Promise<Cluster> {
  const started = performance.now();
  const progress = timed(shown);
  const provider = providerOf(providerName);
  checkPatches(definition); // before anything is built or booted
  const image = await nodeImage(definition, kubernetes, progress);
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
    started: (pid) => lease.started(pid),
  });

  const facts = await provider.nodes(own);
  const nodes = facts.map((node) => new Node(node, provider.transport(node.name)));
  const core = adminConfig(kubeconfig).makeApiClient(CoreV1Api);
  await progress.step("nodes ready", () => nodesReady(core, nodes.length));
  if (await asksForServingCertificates(core)) {
    const certificates = adminConfig(kubeconfig).makeApiClient(CertificatesV1Api);
    await progress.step("serving certificates approved", () =>
      approveServingCertificates(core, certificates, nodes),
    );
  }
  const patches = await progress.step("prove patches", () => provePatches(definition, nodes, core));
  return new Cluster({
    name: own,
    title: definition.title,
    config: definition.path,
    provider: providerName,
    kubernetes: image.kubernetes,
    session: lease.session,
    kubeconfig,
    nodes: facts,
    settings: await settings(core),
    patches,
    boot: { ms: Math.round(performance.now() - started), steps: progress.steps },
  });
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

async function nodesReady(core: CoreV1Api, count: number): Promise<void> {
  await until(
    `${count} nodes to be Ready`,
    async () => {
      const { items } = await core.listNode();
      const ready = items.filter((node) =>
        node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
      );
      if (ready.length === count) return true;
      const reasons = items.flatMap((node) =>
        (node.status?.conditions ?? [])
          .filter(({ type }) => type === "Ready")
          .map((condition) => condition.message),
      );
      throw new EnvironmentError(`${ready.length} of ${count} are: ${reasons.join("; ")}`);
    },
    { timeoutMs: 180_000 },
  );
}

async function settings(core: CoreV1Api): Promise<ClusterSettings> {
  const map = await core.readNamespacedConfigMap({ namespace: "kube-system", name: "kubeadm-config" });
  const written = parse(map.data?.ClusterConfiguration ?? "") as Partial<ClusterSettings> & {
    networking?: { dnsDomain?: string };
  };
  return {
    certificatesDir: written.certificatesDir ?? "/etc/kubernetes/pki",
    clusterName: written.clusterName ?? "kubernetes",
    dnsDomain: written.networking?.dnsDomain ?? "cluster.local",
  };
}
