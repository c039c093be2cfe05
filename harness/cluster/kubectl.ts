import { parse } from "yaml";
import { BootError, EnvironmentError } from "../errors.ts";
import type { Node } from "../node/node.ts";
import { until } from "../until.ts";

/**
 * Runs the kubectl that every node image has, as the administrator, on a control plane; returns its stdout. A boot asks
 * the cluster a handful of things: for these the API client would weigh more on us than all else (80 MB).
 */
export function kubectl(node: Node, args: string[], { timeoutMs = 30_000 } = {}): Promise<string> {
  return node.run(["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", ...args], { timeoutMs });
}

/** Waits until all nodes are Ready; a BootError has the words of those that are not. */
export async function nodesReady(node: Node, names: string[]): Promise<void> {
  const nodes = names.map((name) => `node/${name}`);
  const readiness = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].message}{"\\n"}{end}';
  await until(
    `${names.length} nodes to be Ready`,
    async () => {
      try {
        return await kubectl(node, ["wait", "--for=condition=Ready", "--timeout=60s", ...nodes], {
          timeoutMs: 70_000,
        });
      } catch (cause) {
        const said = await kubectl(node, ["get", "nodes", "-o", `jsonpath=${readiness}`]);
        throw new EnvironmentError(said.trim().replaceAll("\n", "; "), { cause });
      }
    },
    { timeoutMs: 180_000, everyMs: 500 },
  ).catch((cause: Error) => {
    throw new BootError(cause.message, { cause });
  });
}

/** What the API holds of the whole cluster: what kubeadm wrote down, one ConfigMap of kube-system each, and the nodes. */
export interface Written {
  clusterConfiguration: Record<string, unknown>;
  kubeletConfiguration: Record<string, unknown>;
  kubeProxyConfiguration: Record<string, unknown>;
  /** The addresses that each node's kubelet reports, in its order: the first is of the cluster's first family. */
  addresses: Record<string, string[]>;
}

interface Item {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  status?: { addresses?: { type: string; address: string }[] };
}

/** Reads what is written of a cluster; what kubeadm did not write (there may be no kube-proxy) is empty. */
export async function readWritten(node: Node, nodes: string[]): Promise<Written> {
  const maps = ["kubeadm-config", "kubelet-config", "kube-proxy"].map((name) => `configmap/${name}`);
  const get = ["get", "--namespace", "kube-system", "--ignore-not-found", "-o", "json"];
  const names = nodes.map((name) => `node/${name}`);
  const { items } = JSON.parse(await kubectl(node, [...get, ...maps, ...names])) as { items: Item[] };
  const document = (name: string, key: string): Record<string, unknown> =>
    parse(items.find(({ metadata }) => metadata.name === name)?.data?.[key] ?? "{}") ?? {};
  const addresses = items
    .filter(({ kind }) => kind === "Node")
    .map(({ metadata, status }) => {
      const own = status?.addresses?.filter(({ type }) => type === "InternalIP") ?? [];
      return [metadata.name, own.map(({ address }) => address)] as const;
    });
  return {
    clusterConfiguration: document("kubeadm-config", "ClusterConfiguration"),
    kubeletConfiguration: document("kubelet-config", "kubelet"),
    kubeProxyConfiguration: document("kube-proxy", "config.conf"),
    addresses: Object.fromEntries(addresses),
  };
}
