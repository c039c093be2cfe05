import type { CertificatesV1Api, CoreV1Api } from "@kubernetes/client-node";
import { parse } from "yaml";
import type { Node } from "../node/node.ts";
import { until } from "../until.ts";

const SIGNER = "kubernetes.io/kubelet-serving";

/** Whether the kubelets ask the cluster for their serving certificates, by the configuration that kubeadm gave to all. */
export async function asksForServingCertificates(core: CoreV1Api): Promise<boolean> {
  const map = await core.readNamespacedConfigMap({ namespace: "kube-system", name: "kubelet-config" });
  const config = parse(map.data?.kubelet ?? "") as { serverTLSBootstrap?: boolean } | null;
  return config?.serverTLSBootstrap ?? false;
}

/**
 * Approves the serving certificates that the nodes' kubelets ask for, and waits until each serves under its own. Kubernetes
 * approves none by itself (kubelet-tls-bootstrapping, "Certificate rotation"): whoever turns `serverTLSBootstrap` on has an
 * approver, and a throwaway cluster has us.
 */
export async function approveServingCertificates(
  core: CoreV1Api,
  certificates: CertificatesV1Api,
  nodes: readonly Node[],
): Promise<void> {
  await Promise.all(
    nodes.map(({ name }) =>
      until(
        `the kubelet of ${name} to serve under a certificate of the cluster's`,
        async () => {
          await approveRequestsOf(certificates, name);
          return core.connectGetNodeProxyWithPath({ name, path: "healthz" });
        },
        { timeoutMs: 60_000, everyMs: 500 },
      ),
    ),
  );
}

/** A kubelet that is started anew, as kubeadm does, asks anew: only one of its requests is still waited for. */
async function approveRequestsOf(certificates: CertificatesV1Api, node: string): Promise<void> {
  const { items } = await certificates.listCertificateSigningRequest();
  const open = items.filter(
    ({ spec, status }) =>
      spec.signerName === SIGNER && spec.username === `system:node:${node}` && !status?.conditions?.length,
  );
  const approved = {
    type: "Approved",
    status: "True",
    reason: "PlaneproofApprove",
    message: "the node belongs to this throwaway cluster",
  };
  for (const request of open) {
    await certificates.replaceCertificateSigningRequestApproval({
      name: request.metadata?.name ?? "",
      body: { ...request, status: { ...request.status, conditions: [approved] } },
    });
  }
}
