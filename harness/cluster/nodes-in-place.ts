import type { ClusterDefinition } from "../config/kind-config.ts";
import { type ConfigNode, configNodes } from "../config/nodes.ts";

/** Which node is which of the config: kind names them by role, in its order: control-plane, control-plane2, worker, worker2. */
export function nodesInPlace<N extends { role: string }>(
  { config }: Pick<ClusterDefinition, "config">,
  nodes: readonly N[],
): { node: N; place: ConfigNode }[] {
  const places = configNodes(config);
  return places.flatMap((place) => {
    const before = places.filter(({ role, index }) => role === place.role && index < place.index).length;
    const node = nodes.filter(({ role }) => role === place.role)[before];
    return node ? [{ node, place }] : [];
  });
}
