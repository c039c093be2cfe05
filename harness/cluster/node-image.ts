import type { ClusterDefinition } from "../config/kind-config.ts";
import { DEFAULT_KUBERNETES } from "../config/version.ts";
import { ensureImage, ensureLoadBalancer } from "../image/index.ts";
import type { Progress } from "../support/progress.ts";

/** What the nodes of a cluster run. */
export interface NodeImage {
  /** undefined where the config names its nodes' images. */
  reference: string | undefined;
  /** `v1.37.2` */
  kubernetes: string;
}

/** Sees that the engine has every image that a cluster boots from; returns that of its nodes. */
export async function bootImages(
  definition: ClusterDefinition,
  kubernetes: string | undefined,
  progress: Progress,
): Promise<NodeImage> {
  const own = kubernetes === undefined ? versionOfOwnImage(definition) : undefined;
  const image = own
    ? { reference: undefined, kubernetes: own }
    : await ensureImage(kubernetes ?? DEFAULT_KUBERNETES, progress);
  if (controlPlanes(definition) > 1) await ensureLoadBalancer(progress);
  return image;
}

/** The version in the tag of the image that a config names for its nodes; undefined where it names none with a version. */
export function versionOfOwnImage({ config }: ClusterDefinition): string | undefined {
  const image = config.nodes?.find(({ image }) => image)?.image;
  const tag = image && /:v?(1\.\d+\.\d+)/.exec(image)?.[1];
  return tag ? `v${tag}` : undefined;
}

/** How many control planes a config has; kind takes a node without a role for one (v1alpha4/default.go, SetDefaultsNode). */
export function controlPlanes({ config }: ClusterDefinition): number {
  return (config.nodes ?? [{}]).filter(({ role = "control-plane" }) => role === "control-plane").length;
}
