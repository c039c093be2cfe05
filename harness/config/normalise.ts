import { stringify } from "yaml";
import { withArguments } from "./arguments.ts";
import type { Json } from "./json.ts";
import type { ClusterDefinition } from "./kind-config.ts";
import type { KindConfig } from "./kind-schema.ts";
import { isKubeadms } from "./patch-target.ts";
import type { MergePatch } from "./patches.ts";
import { type KubernetesVersion, kubeadmApi } from "./version.ts";
import { KUBE_YAML } from "./yaml.ts";

/**
 * The config that kind shall get for a version: the user's own, with each kubeadm patch written in the kubeadm API that
 * is in force. kind skips a patch of the other apiVersion in silence, and drops a v1beta3 map of arguments under v1beta4
 * (kind 0.33, pkg/internal/patch/resource.go `matches`, kubeadm_merge.go `mergeExtraArgs`).
 */
export function configInForce(
  { config, patches }: ClusterDefinition,
  version: KubernetesVersion,
  added: readonly Json[] = [],
): KindConfig {
  const api = kubeadmApi(version);
  const mergePatches = (node: number | undefined) =>
    patches.flatMap((patch) =>
      "body" in patch && patch.node === node ? [stringify(bodyIn(patch, api), KUBE_YAML)] : [],
    );
  return {
    ...config,
    kubeadmConfigPatches: [...added.map((patch) => stringify(patch, KUBE_YAML)), ...mergePatches(undefined)],
    ...jsonPatchesInForce(config, api),
    ...(config.nodes && {
      nodes: config.nodes.map((node, index) => ({
        ...node,
        kubeadmConfigPatches: mergePatches(index),
        ...jsonPatchesInForce(node, api),
      })),
    }),
  };
}

/** What a merge patch says, in a kubeadm API. Documents of kubelet and kube-proxy have versions of their own. */
export function bodyIn({ kind, body }: MergePatch, api: string): Json {
  return isKubeadms(kind, api) ? { ...(withArguments(body, api) as Json), apiVersion: api } : body;
}

/** Their pointers stay as they are: one that does not fit the API in force makes kind fail, aloud. */
function jsonPatchesInForce<T extends Pick<KindConfig, "kubeadmConfigPatchesJSON6902">>(
  part: T,
  api: string,
) {
  const patches = part.kubeadmConfigPatchesJSON6902;
  if (!patches) return {};
  const [group, version = ""] = api.split("/");
  return {
    kubeadmConfigPatchesJSON6902: patches.map((patch) =>
      patch.group === group ? { ...patch, version } : patch,
    ),
  };
}
