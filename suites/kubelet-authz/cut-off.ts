import type { Kubelet, Lab } from "../../harness/index.ts";
import { endpointOf, type Node } from "../../harness/nodes.ts";

/**
 * Cuts a kubelet off from its API server until the end of the claim: the node resets every connection to it. All else on
 * the node that talks to that address is cut off, too, so a claim that uses this is exclusive, and short: a scheduler or
 * controller manager that cannot renew its lease for ten seconds ends.
 */
export async function cutOffFromApiServer(lab: Lab, kubelet: Kubelet): Promise<void> {
  const { node } = kubelet;
  const { host, port } = endpointOf((await kubelet.kubeconfig()).server);
  for (const address of await addressesOf(node, host)) {
    const iptables = address.includes(":") ? "ip6tables" : "iptables";
    const rule = ["OUTPUT", "-p", "tcp", "-d", address, "--dport", String(port)];
    const reject = [...rule, "-j", "REJECT", "--reject-with", "tcp-reset"];
    lab.cleanup(`a packet rule for ${address} on ${node.name}`, () =>
      node.change(["bash", "-c", DELETE_IF_THERE, iptables, ...reject]),
    );
    await node.change([iptables, "-I", ...reject]);
  }
}

const DELETE_IF_THERE = '! "$0" -C "$@" 2>/dev/null || "$0" -D "$@"';

/** All addresses of a host, as the node resolves them: to 1.32 a kubelet's kubeconfig has a name, often of both families. */
async function addressesOf(node: Node, host: string): Promise<string[]> {
  const lines = await node.run(["getent", "ahosts", host]);
  return [...new Set(lines.split("\n").flatMap((line) => line.split(" ")[0] || []))];
}
