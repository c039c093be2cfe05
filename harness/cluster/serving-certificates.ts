import type { Node } from "../node/node.ts";
import type { Progress } from "../support/progress.ts";
import { until } from "../support/until.ts";
import { kubectl } from "./kubectl.ts";

const SIGNER = "kubernetes.io/kubelet-serving";

/**
 * Approves the serving certificates that the kubelets request where `serverTLSBootstrap` is on, and waits until each serves
 * under its own. Kubernetes approves none of them (kubelet-tls-bootstrapping, "Certificate rotation"): a cluster that turns
 * this on needs an approver, which on a throwaway cluster is us.
 */
export async function approveServingCertificates(
  controlPlane: Node,
  nodes: Node[],
  progress: Progress,
): Promise<void> {
  await progress.step("serving certificates approved", () =>
    Promise.all(nodes.map(({ name }) => servesUnderItsOwn(name, controlPlane))),
  );
}

/** Until it has a serving certificate, a kubelet answers every handshake with the alert `internal error`. */
async function servesUnderItsOwn(node: string, controlPlane: Node): Promise<void> {
  await until(
    `the kubelet of ${node} to serve under a certificate of the cluster's CA`,
    async () => {
      await approveRequestsOf(node, controlPlane);
      return kubectl(controlPlane, ["get", "--raw", `/api/v1/nodes/${node}/proxy/healthz`]);
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
}

async function approveRequestsOf(node: string, controlPlane: Node): Promise<void> {
  const answer = await kubectl(controlPlane, ["get", "csr", "-o", "json"]);
  const open = openRequestsOf(node, (JSON.parse(answer) as { items: SigningRequest[] }).items);
  if (open.length > 0) await kubectl(controlPlane, ["certificate", "approve", ...open]);
}

/** As much of a CertificateSigningRequest as is needed here. */
export interface SigningRequest {
  metadata: { name: string };
  spec: { signerName: string; username: string };
  status?: { conditions?: unknown[] };
}

/**
 * The names of a node's requests for a serving certificate that nobody has decided. A kubelet that restarts, as kubeadm makes
 * it do, requests again and waits only for the last: all are approved.
 */
export function openRequestsOf(node: string, requests: SigningRequest[]): string[] {
  return requests
    .filter(({ spec }) => spec.signerName === SIGNER && spec.username === `system:node:${node}`)
    .filter(({ status }) => !status?.conditions?.length)
    .map(({ metadata }) => metadata.name);
}
