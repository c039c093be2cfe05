import type { ClusterDefinition } from "../config/kind-config.ts";
import type { KindConfig } from "../config/kind-schema.ts";
import { DEFAULT_KUBERNETES } from "../config/version.ts";
import { ensureImage, ensureLoadBalancer, versionOfImage } from "../image/index.ts";
import type { Progress } from "../support/progress.ts";

/** What the nodes of a cluster run. */
export interface NodeImages {
  /** The image of the nodes for which the config names none; undefined where it names one for each. */
  reference: string | undefined;
  /** Whether all nodes run that image. */
  forAll: boolean;
  /** The version that kubeadm makes the first control plane with: `v1.37.2`. */
  kubernetes: string;
}

/**
 * The version that is to be booted, as far as it is known before anything is built: the one that the user asks for, that of
 * the image which the config names for the first control plane, or the default.
 */
export async function wantedVersion(
  definition: ClusterDefinition,
  kubernetes: string | undefined,
  progress: Progress,
): Promise<string> {
  const own = firstControlPlane(definition)?.image;
  if (kubernetes !== undefined || !own) return kubernetes ?? DEFAULT_KUBERNETES;
  return versionOfImage(own, progress);
}

/**
 * Sees that the engine has the images that a cluster boots from. Where the user asks for a version, all nodes run it;
 * otherwise the images that the config names stay as they are.
 * @param wanted the version that `wantedVersion` found
 */
export async function bootImages(
  definition: ClusterDefinition,
  { kubernetes, wanted }: { kubernetes: string | undefined; wanted: string },
  progress: Progress,
): Promise<NodeImages> {
  const nodes = nodesOf(definition);
  const own = kubernetes === undefined ? nodes.filter(({ image }) => image) : [];
  const ours =
    own.length < nodes.length ? await ensureImage(kubernetes ?? DEFAULT_KUBERNETES, progress) : undefined;
  if (controlPlanes(definition) > 1) await ensureLoadBalancer(progress);
  const named = own.length > 0 && firstControlPlane(definition)?.image;
  return {
    reference: ours?.reference,
    forAll: own.length === 0,
    kubernetes: named || !ours ? wanted : ours.kubernetes,
  };
}

/** A config in which each node has its image, where they run different ones; kind would give the others its own default. */
export function withImages(config: KindConfig, { reference, forAll }: NodeImages): KindConfig {
  if (forAll || !reference || !config.nodes) return config;
  return { ...config, nodes: config.nodes.map((node) => ({ ...node, image: node.image ?? reference })) };
}

/** How many control planes a config has; kind takes a node without a role for one (v1alpha4/default.go, SetDefaultsNode). */
export function controlPlanes(definition: ClusterDefinition): number {
  return nodesOf(definition).filter(isControlPlane).length;
}

type NodeConfig = NonNullable<KindConfig["nodes"]>[number];

function nodesOf({ config }: ClusterDefinition): readonly Partial<NodeConfig>[] {
  return config.nodes?.length ? config.nodes : [{}];
}

function isControlPlane({ role = "control-plane" }: Partial<NodeConfig>): boolean {
  return role === "control-plane";
}

function firstControlPlane(definition: ClusterDefinition): Partial<NodeConfig> | undefined {
  return nodesOf(definition).find(isControlPlane);
}
