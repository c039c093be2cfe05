import type { Lab } from "../../harness/index.ts";
import {
  type Endpoint,
  endpointOf,
  flag,
  listeners,
  loopbackFor,
  type Node,
  processOf,
  type ScannedPort,
  scanPorts,
} from "../../harness/nodes.ts";
import { observation, until } from "../../harness/probes.ts";

/** Where a node's components are meant to speak in the clear, to their own node, by their own settings. */
export function meantInTheClear(lab: Lab, node: Node): Promise<Record<string, Endpoint[]>> {
  return lab.scope.once(`plaintext ports of ${node.name}`, async () => {
    const [etcd, kubelet, kubeProxy] = await Promise.all([
      processOf(node, "etcd"),
      lab.kubeletHealth(node),
      kubeProxyEndpoints(lab, node),
    ]);
    const metrics = (etcd && flag(etcd, "listen-metrics-urls")) ?? "";
    const urls = metrics.split(",").filter((url) => url.startsWith("http://"));
    return {
      etcd: urls.map(endpointOf).map(({ host, port }) => ({ host: loopbackFor(host), port })),
      kubelet: [kubelet],
      "kube-proxy": kubeProxy,
    };
  });
}

/** kube-proxy tells load balancers from outside whether it is well: the one plaintext port that is meant for all. */
const KUBE_PROXY_HEALTH = 10256;

/** The programs of a control plane, by their names in the kernel. They have no plaintext port but the ones meant. */
const COMPONENTS = /^(etcd|kube-apiserver|kube-controller|kube-scheduler|kubelet|kube-proxy)/;

/** What kube-proxy listens on beside its health. It is the last of the components to come up, or is not wanted at all. */
async function kubeProxyEndpoints(lab: Lab, node: Node): Promise<Endpoint[]> {
  const { apps } = (await lab.admin()).clients;
  const { items } = await apps.listNamespacedDaemonSet({ namespace: "kube-system" });
  if (!items.some(({ metadata }) => metadata?.name === "kube-proxy")) return [];
  return until(`kube-proxy of ${node.name} to listen`, async () => {
    const own = (await listeners(node)).filter(({ command }) => command === "kube-proxy");
    const ports = new Map(own.map(({ address, port }) => [port, { host: loopbackFor(address), port }]));
    ports.delete(KUBE_PROXY_HEALTH);
    return ports.size > 0 && [...ports.values()];
  });
}

/** A look at every listening port of a node; the data is those that neither speak TLS nor are meant to be plain. */
export async function unaccountedPorts(lab: Lab, node: Node) {
  const meant = await meantInTheClear(lab, node);
  const isMeant = ({ command, port, loopback }: ScannedPort) => {
    if (!loopback) return command === "kube-proxy" && port === KUBE_PROXY_HEALTH;
    return !COMPONENTS.test(command) || (meant[command] ?? []).some((one) => one.port === port);
  };
  const entries = (await scanPorts(node)).filter(({ speaks }) => speaks !== "gone");
  const plain = entries.filter(({ speaks }) => speaks !== "tls");
  const strange = plain.filter((entry) => !isMeant(entry));
  const summary = [
    `${entries.length - plain.length} speak TLS`,
    `in the clear, as meant: ${inWords(plain.filter(isMeant))}`,
    `unaccounted: ${inWords(strange)}`,
  ].join("; ");
  return observation(node, "every listening port", strange, summary);
}

function inWords(entries: ScannedPort[]): string {
  return entries.map(({ command, address, port }) => `${command} ${address}:${port}`).join(", ") || "none";
}
