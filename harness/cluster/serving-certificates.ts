import type { Node } from "../node/node.ts";
import { until } from "../support/until.ts";
import { kubectl } from "./kubectl.ts";

const SIGNER = "kubernetes.io/kubelet-serving";

/**
 * Approves the serving certificates that the nodes' kubelets ask for where `serverTLSBootstrap` is on, and waits until each
 * serves under its own. Kubernetes approves none by itself (kubelet-tls-bootstrapping, "Certificate rotation"): whoever
 * turns it on has an approver, and a throwaway cluster has us. `node` is a control plane.
 */
export async function approveServingCertificates(node: Node, names: string[]): Promise<void> {
  await Promise.all(
    names.map((name) =>
      until(
        `the kubelet of ${name} to serve under a certificate of the cluster's`,
        async () => {
          await approveRequestsOf(node, name);
          return kubectl(node, ["get", "--raw", `/api/v1/nodes/${name}/proxy/healthz`]);
        },
        { timeoutMs: 60_000, everyMs: 500 },
      ),
    ),
  );
}

interface SigningRequest {
  metadata: { name: string };
  spec: { signerName: string; username: string };
  status?: { conditions?: unknown[] };
}

/** A kubelet that is started anew, as kubeadm does, asks anew: only one of its requests is still waited for. */
async function approveRequestsOf(node: Node, name: string): Promise<void> {
  const { items } = JSON.parse(await kubectl(node, ["get", "csr", "-o", "json"])) as {
    items: SigningRequest[];
  };
  const open = items.filter(
    ({ spec, status }) =>
      spec.signerName === SIGNER && spec.username === `system:node:${name}` && !status?.conditions?.length,
  );
  if (open.length === 0) return;
  await kubectl(node, ["certificate", "approve", ...open.map(({ metadata }) => metadata.name)]);
}
