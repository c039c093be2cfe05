import { expectedSettings } from "../config/expected-settings.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { Node, type NodeFacts } from "../node/node.ts";
import type { Provider } from "../provider/provider.ts";
import { EnvironmentError } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { type KubeadmConfig, kubeadmConfigOnceReady } from "./kubectl.ts";
import { nodesInPlace } from "./nodes-in-place.ts";

/** The nodes of a cluster whose API answers. */
export interface ReadyNodes {
  nodes: Node[];
  /** The same nodes as plain data. */
  facts: NodeFacts[];
  /** The control plane on which `kubeadm init` ran. */
  controlPlane: Node;
  /** What kubeadm wrote down of the whole cluster. */
  written: KubeadmConfig;
}

/** Waits until every node that the provider made is Ready; a BootError has the words of those that are not. */
export async function nodesReady(
  cluster: string,
  definition: ClusterDefinition,
  provider: Provider,
  progress: Progress,
): Promise<ReadyNodes> {
  const named = nodesInPlace(definition, await provider.nodes(cluster)).map(({ node, place }) => {
    const { name, ...facts } = node;
    const registered = expectedSettings(definition, place).find(
      ({ field, value }) => field.join(".") === "nodeRegistration.name" && value !== null,
    );
    const own = registered ? String(registered.value) : name;
    return { ...facts, name: own, ...(own !== name && { machine: name }) };
  });
  const made = named.map((facts) => ({
    facts,
    node: new Node(facts, provider.transport(facts.machine ?? facts.name)),
  }));
  const controlPlane = made.find(({ facts }) => facts.role === "control-plane")?.node;
  if (!controlPlane) throw new EnvironmentError(`Cluster ${cluster} has no control plane.`);
  const written = await progress.step("nodes ready", () =>
    kubeadmConfigOnceReady(
      controlPlane,
      named.map(({ name }) => name),
      { network: definition.config.networking?.disableDefaultCNI !== true },
    ),
  );
  const facts = named.map((node) => {
    // The network of containers may have more families than the cluster: what its kubelets report comes first.
    const { addresses = [], version } = written.kubelets[node.name] ?? {};
    return {
      ...node,
      addresses: [...new Set([...addresses, ...node.addresses])],
      ...(version && { kubelet: version }),
    };
  });
  const nodes = facts.map((node) => new Node(node, provider.transport(node.machine ?? node.name)));
  return { nodes, facts, controlPlane, written };
}
