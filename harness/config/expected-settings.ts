import type { ClusterDefinition } from "./kind-config.ts";
import { type ConfigNode, isRead, patchesFor } from "./nodes.ts";
import { type Change, patchChanges, type Setting } from "./patch-changes.ts";

/** One setting that the patches of a config ask for on one node. */
export interface ExpectedSetting extends Setting {
  /** The patch and the field: `kubeadmConfigPatches[0] ClusterConfiguration.etcd.local.extraArgs.client-cert-auth`. */
  path: string;
}

/**
 * What the patches ask for on a node, the later patch winning over the earlier, JSON patches over merge patches, and the
 * node's own over the cluster's, as kind applies them (kind 0.33, actions/config/config.go).
 */
export function expectedSettings({ patches }: ClusterDefinition, node: ConfigNode): ExpectedSetting[] {
  return patchesFor(patches, node)
    .filter((patch) => isRead(patch, node))
    .flatMap(patchChanges)
    .reduce<ExpectedSetting[]>(after, []);
}

function after(expected: ExpectedSetting[], { path, kind, overrides, asks }: Change): ExpectedSetting[] {
  const kept = expected.filter(
    (setting) => setting.kind !== kind || !overrides.some((field) => overlap(field, setting.field)),
  );
  const added = asks.map((setting) => ({
    ...setting,
    path: `${path} ${[kind, ...setting.field].join(".")}`,
  }));
  return [...kept, ...added];
}

/** Whether two fields are the same, or one is in the other. */
function overlap(one: string[], other: string[]): boolean {
  return one.every((part, at) => at >= other.length || part === other[at]);
}
