import { engine } from "../../engine/engine.ts";
import type { NodeFacts, NodeRole } from "../../node/node.ts";
import { until } from "../../support/until.ts";
import { removePodmanVolumes } from "./volumes.ts";

/** kind's labels on every container that it makes. */
export const CLUSTER_LABEL = "io.x-k8s.kind.cluster";
const ROLE_LABEL = "io.x-k8s.kind.role";

/**
 * Our label on what stands beside a cluster's nodes, with the cluster's name. Not kind's own: `kind export logs` would take
 * its bearer for a node.
 */
export const NEIGHBOUR_LABEL = "planeproof.cluster";

/** The network that kind's nodes are on. */
export const network = (): string => process.env.KIND_EXPERIMENTAL_DOCKER_NETWORK || "kind";

interface Container {
  Name: string;
  Config: { Labels: Record<string, string> };
  NetworkSettings: { Networks: Record<string, { IPAddress: string; GlobalIPv6Address: string }> };
}

/** The nodes of a cluster by name; kind's load balancer is not a node. */
export async function nodes(cluster: string): Promise<NodeFacts[]> {
  const ids = await labelled(CLUSTER_LABEL, cluster);
  if (ids.length === 0) return [];
  const { stdout } = await engine(["inspect", ...ids]);
  return (JSON.parse(stdout) as Container[])
    .map((container) => ({
      name: container.Name.replace(/^\//, ""),
      role: (container.Config.Labels[ROLE_LABEL] ?? "worker") as NodeRole,
      addresses: Object.values(container.NetworkSettings.Networks)
        .flatMap(({ IPAddress, GlobalIPv6Address }) => [IPAddress, GlobalIPv6Address])
        .filter((address) => address !== ""),
    }))
    .filter(({ role }) => role === "control-plane" || role === "worker")
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** The names of all kind clusters on this machine. */
export async function list(): Promise<string[]> {
  const format = `{{.Label "${CLUSTER_LABEL}"}}`;
  return [...new Set(await lines(["ps", "-a", "--filter", `label=${CLUSTER_LABEL}`, "--format", format]))];
}

/**
 * Removes a cluster's containers as `kind delete cluster` does. Not by kind: its delete also edits the user's own
 * kubeconfig, and must not be needed when a watchdog cleans up. Repeated until none is left, since an engine may still
 * be making a container that a killed kind asked for.
 */
export async function destroy(cluster: string): Promise<void> {
  let left = await containersOf(cluster); // an engine that does not answer is not waited for
  const removed = async () => {
    const removal = left.length > 0 ? await engine(["rm", "-fv", ...left], { reject: false }) : undefined;
    left = await containersOf(cluster);
    if (left.length > 0) throw new Error(removal?.stderr || `there is ${left.join(", ")}`);
    return true;
  };
  await until(`the containers of cluster ${cluster} to go`, removed, { everyMs: 50 });
  await removePodmanVolumes(cluster);
}

async function containersOf(cluster: string): Promise<string[]> {
  const found = [labelled(CLUSTER_LABEL, cluster), labelled(NEIGHBOUR_LABEL, cluster)];
  return (await Promise.all(found)).flat();
}

/** The ids of all containers, running or not, that carry a label. */
function labelled(label: string, value: string): Promise<string[]> {
  return lines(["ps", "-aq", "--filter", `label=${label}=${value}`]);
}

async function lines(argv: string[]): Promise<string[]> {
  const { stdout } = await engine(argv);
  return stdout.split("\n").filter(Boolean);
}
