import { parse } from "yaml";
import type { Node } from "../node/node.ts";
import { flag, type Process, processOf, readFileOf } from "../node/processes.ts";
import type { Progress } from "../support/progress.ts";
import { until } from "../support/until.ts";
import { kubectl } from "./kubectl.ts";

const SIGNER = "kubernetes.io/kubelet-serving";

/**
 * Approves the serving certificates of the kubelets that request them, and waits until each of those serves under its own.
 * Kubernetes approves none of them (kubelet-tls-bootstrapping, "Certificate rotation"): a cluster that turns this on needs
 * an approver, which on a throwaway cluster is us.
 */
export async function approveServingCertificates(
  controlPlane: Node,
  nodes: Node[],
  progress: Progress,
): Promise<void> {
  const asking = (await Promise.all(nodes.map(asks))).flat();
  if (asking.length === 0) return;
  await progress.step("serving certificates approved", () =>
    Promise.all(asking.map(({ name }) => servesUnderItsOwn(name, controlPlane))),
  );
}

/** The node, if its live kubelet was told to request a serving certificate. It answers no question before it has one. */
async function asks(node: Node): Promise<Node[]> {
  const kubelet = await processOf(node, "kubelet");
  if (!kubelet) return [];
  const argument = flag(kubelet, "rotate-server-certificates");
  const files = argument === undefined ? await configurationOf(node, kubelet) : [];
  return requestsCertificate(argument, files) ? [node] : [];
}

/** The texts of a live kubelet's configuration file, and of the drop-in files that override it, in its order. */
async function configurationOf(node: Node, kubelet: Process): Promise<string[]> {
  const [file = "", directory = ""] = [flag(kubelet, "config"), flag(kubelet, "config-dir")];
  const listing = directory && (await node.run(["find", directory, "-name", "*.conf"]));
  const dropIns = listing.split("\n").filter(Boolean).sort();
  return Promise.all([file, ...dropIns].filter(Boolean).map((path) => readFileOf(node, kubelet, path)));
}

/** Whether a kubelet requests a serving certificate: its argument has the last word, then the last file that speaks of it. */
export function requestsCertificate(argument: string | undefined, files: readonly string[]): boolean {
  const written = files.map(
    (text) => (parse(text) as { serverTLSBootstrap?: boolean } | null)?.serverTLSBootstrap,
  );
  const last = argument ?? written.findLast((value) => value !== undefined);
  return String(last) === "true";
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
