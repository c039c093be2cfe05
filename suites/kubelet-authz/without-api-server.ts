import type { Kubelet } from "../../harness/index.ts";
import { endpointOf, type Node } from "../../harness/nodes.ts";

/**
 * Does something while a kubelet cannot reach its API server: the node resets every connection to it. All else on the node
 * that talks to that address is cut off too, so a claim that uses this is exclusive.
 */
export async function withoutApiServer<T>(kubelet: Kubelet, work: () => Promise<T>): Promise<T> {
  const { node } = kubelet;
  const { host, port } = endpointOf((await kubelet.kubeconfig()).server);
  const addresses = await addressesOf(node, host);
  const reset = async (change: "-I" | "-D") => {
    for (const address of addresses) {
      const iptables = address.includes(":") ? "ip6tables" : "iptables";
      const rule = ["OUTPUT", "-p", "tcp", "-d", address, "--dport", String(port)];
      await node.change([iptables, change, ...rule, "-j", "REJECT", "--reject-with", "tcp-reset"]);
    }
  };
  await reset("-I");
  try {
    return await work();
  } finally {
    await reset("-D");
  }
}

/** All addresses of a host, as the node resolves them: to 1.32 a kubelet's kubeconfig has a name, often of both families. */
async function addressesOf(node: Node, host: string): Promise<string[]> {
  const lines = await node.run(["getent", "ahosts", host]);
  return [...new Set(lines.split("\n").flatMap((line) => line.split(" ")[0] || []))];
}
