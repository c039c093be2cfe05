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

/**
 * The node whose kubeadm reads a kind of document, as far as a node is concerned: a node that joins has its own
 * JoinConfiguration, and takes the ClusterConfiguration and the configuration of kubelet and kube-proxy from the cluster,
 * where the first control plane put them (kubeadm, app/cmd/join.go, `fetchInitConfigurationFromJoinConfiguration`).
 * undefined: that kind of document has no effect on this node.
 */
export function readerOf(
  kind: string,
  node: ConfigNode,
  nodes: readonly ConfigNode[],
): ConfigNode | undefined {
  if (kind === "JoinConfiguration") return node.joins ? node : undefined;
  if (kind === "InitConfiguration") return node.joins ? undefined : node;
  return nodes.find(({ joins }) => !joins);
}
