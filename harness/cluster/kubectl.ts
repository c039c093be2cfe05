import { parse } from "yaml";
import { EnvironmentError } from "../errors.ts";
import type { Node } from "../node/node.ts";
import { until } from "../until.ts";

/**
 * Runs the kubectl that every node image has, as the administrator, on a control plane; returns its stdout. A boot asks
 * the cluster a handful of things: for these the API client would weigh more on us than all else (80 MB).
 */
export function kubectl(node: Node, args: string[], { timeoutMs = 30_000 } = {}): Promise<string> {
  return node.run(["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", ...args], { timeoutMs });
}

/** Waits until all nodes are Ready; an EnvironmentError has the words of those that are not. */
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
  );
}

/** What kubeadm wrote down about the whole cluster, one ConfigMap of kube-system each. */
export interface Written {
  clusterConfiguration: Record<string, unknown>;
  kubeletConfiguration: Record<string, unknown>;
  kubeProxyConfiguration: Record<string, unknown>;
}

/** Reads what kubeadm wrote down; what it did not write (there may be no kube-proxy) is empty. */
export async function writtenByKubeadm(node: Node): Promise<Written> {
  const names = ["kubeadm-config", "kubelet-config", "kube-proxy"];
  const get = ["get", "configmaps", "--namespace", "kube-system", "--ignore-not-found", "-o", "json"];
  const { items } = JSON.parse(await kubectl(node, [...get, ...names])) as {
    items: { metadata: { name: string }; data?: Record<string, string> }[];
  };
  const document = (name: string, key: string): Record<string, unknown> =>
    parse(items.find(({ metadata }) => metadata.name === name)?.data?.[key] ?? "{}") ?? {};
  return {
    clusterConfiguration: document("kubeadm-config", "ClusterConfiguration"),
    kubeletConfiguration: document("kubelet-config", "kubelet"),
    kubeProxyConfiguration: document("kube-proxy", "config.conf"),
  };
}
