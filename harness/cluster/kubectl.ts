import { parse } from "yaml";
import type { Node } from "../node/node.ts";
import { BootError, EnvironmentError } from "../support/errors.ts";
import { until } from "../support/until.ts";

/**
 * Runs the kubectl that every node image has, as the administrator, on a control plane; returns its stdout. A boot asks
 * the cluster a handful of things: for these the API client would weigh more on us than all else (80 MB).
 */
export function kubectl(node: Node, args: string[], { timeoutMs = 30_000 } = {}): Promise<string> {
  return node.run(["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", ...args], { timeoutMs });
}

/** What the API holds of the whole cluster: what kubeadm wrote down, one ConfigMap of kube-system each, and the nodes. */
export interface KubeadmConfig {
  /** What the live API server calls itself (/version): `v1.37.2`. */
  version: string;
  clusterConfiguration: Record<string, unknown>;
  kubeletConfiguration: Record<string, unknown>;
  kubeProxyConfiguration: Record<string, unknown>;
  /** What each node's kubelet reports, by the node's name. */
  kubelets: Record<string, ReportedKubelet>;
}

/** What a kubelet says of itself and its node. */
interface ReportedKubelet {
  /** In its order: the first address is of the cluster's first family. */
  addresses: string[];
  /** Its own version; a kubelet may be older than its API server. */
  version: string;
}

interface Item {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  status?: {
    nodeInfo?: { kubeletVersion: string };
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string; message: string }[];
  };
}

/** A kubelet says this of a node that lacks a pod network, and nothing else. */
const NO_NETWORK = /^container runtime network not ready: [^,]*cni plugin not initialized$/;
/** So long a network may take that the node image brings; one that the user installs later is not waited for. */
const NETWORK_MS = 10_000;

/**
 * Waits until all nodes are Ready, and returns what is written of the cluster by then: one question answers both. A
 * BootError has the words of the nodes that are not. What kubeadm did not write (there may be no kube-proxy) is empty.
 * @param network whether a pod network is to come up; without, a node that lacks only that is ready enough
 */
export async function kubeadmConfigOnceReady(
  node: Node,
  names: string[],
  { network }: { network: boolean },
): Promise<KubeadmConfig> {
  const started = performance.now();
  const enough = (why: string) =>
    !network && NO_NETWORK.test(why) && performance.now() - started > NETWORK_MS;
  const items = await until(
    `${names.length} nodes to be Ready`,
    async () => {
      const items = await itemsOf(node, names);
      const waiting = names.flatMap((name) => {
        const why = notReady(name, items);
        return why === undefined || enough(why) ? [] : [`${name}: ${why}`];
      });
      if (waiting.length > 0) throw new EnvironmentError(waiting.join("; "));
      return items;
    },
    { timeoutMs: 180_000, everyMs: 250 },
  ).catch((cause: Error) => {
    throw new BootError(cause.message, { cause });
  });
  const { gitVersion } = JSON.parse(await kubectl(node, ["get", "--raw", "/version"]));
  return { version: gitVersion, ...writtenIn(items) };
}

async function itemsOf(node: Node, names: string[]): Promise<Item[]> {
  const maps = ["kubeadm-config", "kubelet-config", "kube-proxy"].map((name) => `configmap/${name}`);
  const get = ["get", "--namespace", "kube-system", "--ignore-not-found", "-o", "json"];
  return JSON.parse(await kubectl(node, [...get, ...maps, ...names.map((name) => `node/${name}`)])).items;
}

/** Why a node is not Ready, in its kubelet's words; undefined where it is. */
function notReady(name: string, items: Item[]): string | undefined {
  const own = items.find(({ kind, metadata }) => kind === "Node" && metadata.name === name);
  const ready = own?.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return undefined;
  return ready?.message ?? "has not registered with the API server";
}

function writtenIn(items: Item[]): Omit<KubeadmConfig, "version"> {
  const document = (name: string, key: string): Record<string, unknown> =>
    parse(items.find(({ metadata }) => metadata.name === name)?.data?.[key] ?? "{}") ?? {};
  const kubelets = items
    .filter(({ kind }) => kind === "Node")
    .map(({ metadata, status }) => {
      const own = status?.addresses?.filter(({ type }) => type === "InternalIP") ?? [];
      const addresses = own.map(({ address }) => address);
      return [metadata.name, { addresses, version: status?.nodeInfo?.kubeletVersion ?? "" }] as const;
    });
  return {
    clusterConfiguration: document("kubeadm-config", "ClusterConfiguration"),
    kubeletConfiguration: document("kubelet-config", "kubelet"),
    kubeProxyConfiguration: document("kube-proxy", "config.conf"),
    kubelets: Object.fromEntries(kubelets),
  };
}
