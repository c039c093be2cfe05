import { UsageError } from "../support/errors.ts";
import type { KindConfig } from "./kind-schema.ts";
import type { KubeadmPatch } from "./patches.ts";

/** A node as the config describes it. */
export interface ConfigNode {
  /** Its place in the config. */
  index: number;
  role: "control-plane" | "worker";
  /** Whether it joins what another node has begun: all but the first control plane. */
  joins: boolean;
}

/** The nodes of a config, in its order; kind makes one control plane where it names none. */
export function configNodes({ nodes = [] }: KindConfig): ConfigNode[] {
  const roles = (nodes.length > 0 ? nodes : [{}]).map(({ role }) => role ?? "control-plane");
  return roles.map((role, index) => ({ index, role, joins: index !== roles.indexOf("control-plane") }));
}

/** The patches that kind applies to a node's kubeadm configuration, in its order (kind 0.33, actions/config/config.go). */
export function patchesFor(patches: readonly KubeadmPatch[], { index }: ConfigNode): KubeadmPatch[] {
  return patches.filter(({ node }) => node === undefined || node === index);
}

/** Whether kubeadm reads on a node what a patch changes: join takes the ClusterConfiguration from the cluster. */
export function isRead({ kind, node }: KubeadmPatch, { joins }: ConfigNode): boolean {
  if (!joins) return kind !== "JoinConfiguration";
  return kind !== "InitConfiguration" && !(node !== undefined && kind === "ClusterConfiguration");
}

/** @throws UsageError for a patch of one node that kubeadm would not read on that node. */
export function checkNodePatches(config: KindConfig, patches: readonly KubeadmPatch[]): void {
  for (const node of configNodes(config)) {
    const unread = patches.find((patch) => patch.node === node.index && !isRead(patch, node));
    if (unread) throw neverRead(unread, node);
  }
}

function neverRead({ kind, path, where }: KubeadmPatch, { joins }: ConfigNode): UsageError {
  return new UsageError(
    `A patch would never be read: kubeadm does not read the ${kind} of a node that ${joins ? "joins" : "starts the cluster"}.`,
    {
      where: `${where}: ${path}`,
      expected: joins
        ? "kind: JoinConfiguration on every node but the first control plane"
        : "kind: InitConfiguration on the first control plane",
      found: `kind: ${kind}`,
    },
  );
}
