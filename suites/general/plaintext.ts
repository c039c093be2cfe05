import { nobody } from "../../harness/credentials.ts";
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
import { type Enumerated, fromNode, https, readPlain, until } from "../../harness/probes.ts";

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
  if (!proxy || !(await runsKubeProxy.met(lab.cluster, lab.scope))) return undefined;
  const [health, metrics] = await Promise.all([proxy.health(), proxy.metrics()]);
  await until(`kube-proxy of ${node.name} to listen`, async () =>
    (await listeners(node)).some(({ command, port }) => command === "kube-proxy" && port === metrics.port),
  );
  return { health, metrics };
}

/**
 * Every listening port of a node: what it speaks, and over TLS what it answers to a caller without a credential. At fault is
 * one that is neither TLS nor meant to be plaintext, and one that nobody can ask.
 */
export async function everyPort(lab: Lab, node: Node): Promise<Enumerated[]> {
  const [meant, ports, kubeProxy] = await Promise.all([
    plaintextPorts(lab, node),
    scanPorts(node),
    kubeProxyOn(lab, node),
  ]);
  return Promise.all(
    ports.map(async (one) => {
      const { command, address, port, speaks, host } = one;
      const socket = `${command} ${address}:${port}`;
      if (speaks === "tls") return { what: `${socket} TLS, ${await answerToNobody(node, { host, port })}` };
      const said = { plain: "in the clear", silent: "silent", unreachable: "not to be reached" }[speaks];
      return { what: `${socket} ${said}${stream(one)}`, fault: fault(one, meant, kubeProxy?.health.port) };
    }),
  );
}

function fault(
  { command, port, loopback }: ScannedPort,
  meant: readonly PlaintextPort[],
  proxyHealth: number | undefined,
): string | undefined {
  // kube-proxy tells load balancers from outside whether it is healthy: the only plaintext port that is meant for all.
  if (command === "kube-proxy" && port === proxyHealth) return undefined;
  if (!loopback) return "on an address that others reach";
  if (!COMPONENTS.test(command)) return undefined;
  const known = meant.some((one) => one.command === command && one.port === port);
  return known ? undefined : "which is neither health nor metrics";
}

/** containerd's streaming server: it asks nobody who calls, but knows each stream by a URL that only the kubelet was told. */
function stream({ command, loopback }: ScannedPort): string {
  return command === "containerd" && loopback ? " (streams of exec, each under a URL of its own)" : "";
}

/** What a TLS port answers to a caller without a credential. */
async function answerToNobody(node: Node, target: Endpoint): Promise<string> {
  const { outcome } = await https(fromNode(node), target, nobody, { path: "/" }, readPlain);
  if (outcome.kind === "failed") return "no answer";
  if (outcome.kind === "accepted") return `${outcome.status ?? "an answer"} to anybody`;
  return outcome.status === undefined ? "asks for a certificate" : `${outcome.status} to nobody`;
}
