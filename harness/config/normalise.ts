import { stringify } from "yaml";
import { withArguments } from "./arguments.ts";
import type { ClusterDefinition, KindConfig } from "./kind-config.ts";
import { isKubeadms, jsonPatchDocuments, type PatchDocument, patchDocuments } from "./patches.ts";
import { type KubernetesVersion, kubeadmApi } from "./version.ts";

type Json = Record<string, unknown>;

/**
 * The config that kind shall get for a version: the user's own, with each kubeadm patch written in the kubeadm API that
 * is in force. kind skips a patch of the other apiVersion in silence, and drops a v1beta3 map of arguments under v1beta4
 * (kind 0.33, pkg/internal/patch/resource.go `matches`, kubeadm_merge.go `mergeExtraArgs`).
 * @throws UsageError for a patch that kind would skip or kubeadm not read, with its place.
 */
export function configInForce(
  definition: ClusterDefinition,
  version: KubernetesVersion,
  added: readonly Json[] = [],
): KindConfig {
  const documents = patchDocuments(definition);
  jsonPatchDocuments(definition); // for the errors
  const api = kubeadmApi(version);
  const texts = (node: number | undefined) =>
    documents.filter((patch) => patch.node === node).map((patch) => stringify(inApi(patch, api)));
  const { config } = definition;
  return {
    ...config,
    kubeadmConfigPatches: [...added.map((patch) => stringify(patch)), ...texts(undefined)],
    ...jsonPatchesInForce(config, api),
    ...(config.nodes && {
      nodes: config.nodes.map((node, index) => ({
        ...node,
        kubeadmConfigPatches: texts(index),
        ...jsonPatchesInForce(node, api),
      })),
    }),
  };
}

function inApi({ kind, body }: PatchDocument, api: string): Json {
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
