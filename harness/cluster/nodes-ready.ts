import { Node } from "../node/node.ts";
import type { Provider } from "../provider/provider.ts";
import { EnvironmentError } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { type KubeadmConfig, kubeadmConfigOnceReady } from "./kubectl.ts";

/** The nodes of a cluster whose API answers. */
export interface ReadyNodes {
  nodes: Node[];
  /** The control plane on which `kubeadm init` ran. */
  controlPlane: Node;
  /** What kubeadm wrote down of the whole cluster. */
  written: KubeadmConfig;
}

/** Waits until every node that the provider made is Ready; a BootError has the words of those that are not. */
export async function nodesReady(
  cluster: string,
  provider: Provider,
  progress: Progress,
): Promise<ReadyNodes> {
  const made = (await provider.nodes(cluster)).map((node) => new Node(node, provider.transport(node.name)));
  const names = made.map(({ name }) => name);
  const controlPlane = made.find(({ role }) => role === "control-plane");
  if (!controlPlane) throw new EnvironmentError(`Cluster ${cluster} has no control plane.`);
  const written = await progress.step("nodes ready", () => kubeadmConfigOnceReady(controlPlane, names));
  const nodes = made.map(({ name, role, addresses, transport }) => {
    // The network of containers may have more families than the cluster: what its kubelets report comes first.
    const all = new Set([...(written.addresses[name] ?? []), ...addresses]);
    return new Node({ name, role, addresses: [...all] }, transport);
  });
  return { nodes, controlPlane, written };
}
