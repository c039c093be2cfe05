import { runsKubeProxy } from "../../harness/fixtures.ts";
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

/** A plaintext port of a component, as its own node reaches it, and a path that it serves there. */
interface PlaintextPort extends Endpoint {
  command: string;
  path: string;
}

/** The ports on which a node's components serve health and metrics in the clear, by their own settings. */
export function plaintextPorts(lab: Lab, node: Node): Promise<PlaintextPort[]> {
  return lab.scope.once(`plaintext ports of ${node.name}`, async () => {
    const [etcd, kubelet, kubeProxy] = await Promise.all([
      processOf(node, "etcd"),
      lab.kubeletOn(node).health(),
      kubeProxyOn(lab, node),
    ]);
    const metrics = (etcd && flag(etcd, "listen-metrics-urls")) ?? "";
    const urls = metrics.split(",").filter((url) => url.startsWith("http://"));
    const ofEtcd = urls.map(endpointOf).map(({ host, port }) => ({ host: loopbackFor(host), port }));
    const serving = (command: string, path: string) => (endpoint: Endpoint) => ({
      command,
      path,
      ...endpoint,
    });
    return [
      ...ofEtcd.map(serving("etcd", "/health")),
      ...(kubelet ? [serving("kubelet", "/healthz")(kubelet)] : []),
      ...(kubeProxy ? [serving("kube-proxy", "/proxyMode")(kubeProxy.metrics)] : []),
    ];
  });
}

/** The components of Kubernetes, by their names in the kernel. They have no plaintext port but the ones meant. */
const COMPONENTS = /^(etcd|kube-apiserver|kube-controller|kube-scheduler|kubelet|kube-proxy)/;

/** Where a node's kube-proxy listens, by its own settings; it is the last component to come up, and may not be there at all. */
async function kubeProxyOn(
  lab: Lab,
  node: Node,
): Promise<{ health: Endpoint; metrics: Endpoint } | undefined> {
  const proxy = lab.kubeProxies.find((one) => one.node.name === node.name);
  if (!proxy || !(await runsKubeProxy.met(lab.cluster))) return undefined;
  const [health, metrics] = await Promise.all([proxy.health(), proxy.metrics()]);
  await until(`kube-proxy of ${node.name} to listen`, async () =>
    (await listeners(node)).some(({ command, port }) => command === "kube-proxy" && port === metrics.port),
  );
  return { health, metrics };
}

/** Observes every listening port of a node; the data is those that neither speak TLS nor are meant to be plaintext. */
export async function unaccountedPorts(lab: Lab, node: Node) {
  const [meant, kubeProxy] = await Promise.all([plaintextPorts(lab, node), kubeProxyOn(lab, node)]);
  const isMeant = ({ command, port, loopback }: ScannedPort) => {
    // kube-proxy tells load balancers from outside whether it is healthy: the only plaintext port that is meant for all.
    if (command === "kube-proxy" && port === kubeProxy?.health.port) return true;
    if (!loopback) return false;
    return !COMPONENTS.test(command) || meant.some((one) => one.command === command && one.port === port);
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
