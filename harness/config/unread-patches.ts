import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../support/errors.ts";
import { type ExpectedSetting, expectedSettings } from "./expected-settings.ts";
import type { ClusterDefinition } from "./kind-config.ts";
import { type ConfigNode, configNodes, readerOf } from "./nodes.ts";
import { patchChanges, type Setting } from "./patch-changes.ts";
import type { KubeadmPatch } from "./patches.ts";

/**
 * Refuses a patch of one node that kubeadm does not read there, unless another node's equal patch puts in force what it
 * asks for: templates write the same patches below every node.
 * @throws UsageError that names the patch, and where its settings belong.
 */
export function checkNodePatches(definition: ClusterDefinition): void {
  const nodes = configNodes(definition.config);
  for (const patch of definition.patches) {
    const node = nodes.find(({ index }) => index === patch.node);
    if (!node || readerOf(patch.kind, node, nodes) === node) continue;
    const inForce = nodes
      .filter((other) => readerOf(patch.kind, other, nodes) === other)
      .flatMap((reader) => expectedSettings(definition, reader));
    const lost = patchChanges(patch)
      .flatMap(({ asks }) => asks)
      .find((setting) => !inForce.some((other) => isSame(other, setting)));
    if (lost) throw neverRead(patch, node, lost);
  }
}

function isSame(one: ExpectedSetting, other: Setting): boolean {
  return (
    one.kind === other.kind &&
    one.field.join() === other.field.join() &&
    isDeepStrictEqual(one.value, other.value)
  );
}

function neverRead({ kind, path, where }: KubeadmPatch, { joins }: ConfigNode, lost: Setting): UsageError {
  return new UsageError(
    `A patch would never be read: kubeadm does not read the ${kind} of a node that ${joins ? "joins" : "starts the cluster"}.`,
    {
      where: `${where}: ${path}`,
      expected: joins
        ? `kind: JoinConfiguration on a node that joins${kind === "InitConfiguration" ? "" : `, or the same ${kind} for the whole cluster`}`
        : "kind: InitConfiguration on the first control plane",
      found: `kind: ${kind}, and nothing else puts ${[kind, ...lost.field].join(".")} in force`,
      ...(kind === "KubeletConfiguration" && {
        remedy:
          "for one kubelet only, use its arguments: kind: JoinConfiguration with nodeRegistration.kubeletExtraArgs",
      }),
    },
  );
}
