import type { Json } from "./json.ts";
import type { ClusterDefinition } from "./kind-config.ts";
import { type ConfigNode, configNodes, patchesFor, readerOf } from "./nodes.ts";
import { type Change, patchChanges, type Setting } from "./patch-changes.ts";
import type { KubeadmPatch } from "./patches.ts";

/** One setting that the patches of a config ask for on one node. */
export interface ExpectedSetting extends Setting {
  /** The patch and the field: `kubeadmConfigPatches[0] ClusterConfiguration.etcd.local.extraArgs.client-cert-auth`. */
  path: string;
  /** Where in the file: `my.yaml:4:3`. */
  where: string;
}

/**
 * What the patches ask for on a node, the later patch winning over the earlier, JSON patches over merge patches, and the
 * node's own over the cluster's, as kind applies them (kind 0.33, actions/config/config.go). What a node that joins takes from
 * the cluster is asked for by the patches of the first control plane. `given` are the documents that kind wrote, where known.
 */
export function expectedSettings(
  { patches, config }: Pick<ClusterDefinition, "patches" | "config">,
  node: ConfigNode,
  given: readonly Json[] = [],
): ExpectedSetting[] {
  const nodes = configNodes(config);
  return patches
    .filter((patch) => {
      const reader = readerOf(patch.kind, node, nodes);
      return reader && patchesFor([patch], reader).length > 0;
    })
    .reduce<ExpectedSetting[]>(
      (expected, patch) =>
        withPatch(
          expected,
          patch,
          given.find(({ kind }) => kind === patch.kind),
        ),
      [],
    );
}

/** What is asked for once a further patch has its say. */
export function withPatch(expected: ExpectedSetting[], patch: KubeadmPatch, given?: Json): ExpectedSetting[] {
  return patchChanges(patch, given).reduce(after, expected);
}

function after(
  expected: ExpectedSetting[],
  { path, where, kind, overrides, asks }: Change,
): ExpectedSetting[] {
  const kept = expected.filter(
    (setting) => setting.kind !== kind || !overrides.some((field) => overlap(field, setting.field)),
  );
  const added = asks.map((setting) => ({
    ...setting,
    where,
    path: `${path} ${[kind, ...setting.field].join(".")}`,
  }));
  return [...kept, ...added];
}

/** Whether two fields are the same, or one is in the other. */
function overlap(one: string[], other: string[]): boolean {
  return one.every((part, at) => at >= other.length || part === other[at]);
}
