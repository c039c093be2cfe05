import type { Node } from "../node/node.ts";

/**
 * What to trust in order to know a node's kubelet (PEM): with serverTLSBootstrap the certificate that the cluster signed,
 * otherwise the one that the kubelet made for itself, with the CA that it made for that.
 */
export async function kubeletServingCertificate(node: Node): Promise<string> {
  const script = "cd /var/lib/kubelet/pki && cat kubelet-server-current.pem 2>/dev/null || cat kubelet.crt";
  const pem = await node.run(["bash", "-c", `${script} | sed '/PRIVATE KEY/,/PRIVATE KEY/d'`]);
  return pem;
}
