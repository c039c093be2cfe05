import { kubeconfigOf } from "./component.ts";
import type { Lab } from "./lab.ts";

/**
 * Does something while the kubelet of the control plane cannot reach its API server: the node resets every connection to
 * it. All else on the node that talks to that address is cut off too, so a claim that uses this is disruptive.
 */
export async function apartFromApiServer<T>(lab: Lab, work: () => Promise<T>): Promise<T> {
  const { node } = lab;
  const { server } = await kubeconfigOf(lab, "kubelet");
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
