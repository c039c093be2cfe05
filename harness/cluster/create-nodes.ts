import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { configInForce } from "../config/normalise.ts";
import { KubernetesVersion } from "../config/version.ts";
import type { Lease } from "../lease/lease.ts";
import { LEASE_VARIABLE } from "../lease/marked.ts";
import type { Provider } from "../provider/provider.ts";
import type { Progress } from "../support/progress.ts";
import { type NodeImages, withImages } from "./node-image.ts";

/** With what the nodes are made, and for whom. */
interface Making {
  lease: Lease;
  provider: Provider;
  progress: Progress;
  begun: () => void;
}

/** Writes the cluster down in the lease, then lets the provider boot it; returns the administrator's kubeconfig file. */
export async function createNodes(
  name: string,
  definition: ClusterDefinition,
  images: NodeImages,
  { lease, provider, progress, begun }: Making,
): Promise<string> {
  const version = new KubernetesVersion(images.kubernetes);
  const kubeconfig = join(lease.directory, `${name}.kubeconfig`);
  await lease.holds({ name, title: definition.title, provider: provider.name });
  await provider.create({
    name,
    config: withImages(configInForce(definition, version, patchesForThisHost(version)), images),
    image: images.forAll ? images.reference : undefined,
    kubeconfig,
    progress,
    mark: { [LEASE_VARIABLE]: lease.session },
    begun,
  });
  return kubeconfig;
}

/** A kubelet from 1.35 refuses to start on cgroup v1 unless it is told otherwise (KEP-5573). */
function patchesForThisHost(version: KubernetesVersion): Record<string, unknown>[] {
  const cgroupV2 = existsSync("/sys/fs/cgroup/cgroup.controllers");
  return cgroupV2 || !version.atLeast("1.35") ? [] : [{ kind: "KubeletConfiguration", failCgroupV1: false }];
}
