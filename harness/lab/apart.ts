import { fromKubeconfig } from "../identity/index.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";

/**
 * Does something while the node's kubelet cannot reach its API server: the node resets every connection to it. All else on
 * the node that talks to that address is cut off too, so a claim that uses this is disruptive.
 */
export async function apartFromApiServer<T>(node: Node, work: () => Promise<T>): Promise<T> {
  const kubeconfig = await readFile(node, "/etc/kubernetes/kubelet.conf");
  const { server } = await fromKubeconfig(kubeconfig, (path) => readFile(node, path));
  const { hostname, port } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, "");
  const iptables = host.includes(":") ? "ip6tables" : "iptables";
  const rule = ["OUTPUT", "-p", "tcp", "-d", host, "--dport", port || "443"];
  const verdict = ["-j", "REJECT", "--reject-with", "tcp-reset"];
  await node.run([iptables, "-I", ...rule, ...verdict]);
  try {
    return await work();
  } finally {
    await node.run([iptables, "-D", ...rule, ...verdict]);
  }
}
