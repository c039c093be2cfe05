import { type CensusEntry, census, flag, type Lab, look, type Node, processOf } from "../../harness/index.ts";

/** The ports on which a node's components are meant to speak in the clear, on loopback, by their own settings. */
export async function meantInTheClear(lab: Lab, node: Node) {
  const [etcd, kubelet] = await Promise.all([processOf(node, "etcd"), kubeletHealthPort(lab, node)]);
  const metrics = (etcd && flag(etcd, "listen-metrics-urls")) ?? "";
  const urls = metrics.split(",").filter((url) => url.startsWith("http://"));
  return {
    etcd: urls.map((url) => Number(new URL(url).port)),
    kubelet: [kubelet],
    "kube-proxy": [KUBE_PROXY_METRICS],
  } as Record<string, number[]>;
}

const KUBE_PROXY_METRICS = 10249;
/** kube-proxy tells load balancers from outside whether it is well: the one plaintext port that is meant for all. */
const KUBE_PROXY_HEALTH = 10256;

/** The programs of a control plane, by their names in the kernel. They have no plaintext port but the ones meant. */
const COMPONENTS = /^(etcd|kube-apiserver|kube-controller|kube-scheduler|kubelet|kube-proxy)/;

async function kubeletHealthPort(lab: Lab, node: Node): Promise<number> {
  const { outcome } = await (await lab.admin()).request({ path: `/api/v1/nodes/${node.name}/proxy/configz` });
  const answer =
    outcome.kind === "accepted" ? (outcome.data as { kubeletconfig?: { healthzPort?: number } }) : {};
  return answer.kubeletconfig?.healthzPort ?? 10248;
}

/** A look at every listening port of a node; the data is those that neither speak TLS nor are meant to be plain. */
export async function unaccountedPorts(lab: Lab, node: Node) {
  const [entries, meant] = await Promise.all([census(node), meantInTheClear(lab, node)]);
  const isMeant = ({ command, port, loopback }: CensusEntry) => {
    if (!loopback) return command === "kube-proxy" && port === KUBE_PROXY_HEALTH;
    return !COMPONENTS.test(command) || (meant[command] ?? []).includes(port);
  };
  const [encrypted, plain] = [speaking(entries, true), speaking(entries, false)];
  const strange = plain.filter((entry) => !isMeant(entry));
  const summary = `${encrypted.length} speak TLS; in the clear, as meant: ${inWords(plain.filter(isMeant))}; unaccounted: ${inWords(strange)}`;
  return look(node, "every listening port", strange, summary);
}

function speaking(entries: CensusEntry[], tls: boolean): CensusEntry[] {
  return entries.filter(({ speaks }) => speaks !== "gone" && (speaks === "tls") === tls);
}

function inWords(entries: CensusEntry[]): string {
  return entries.map(({ command, address, port }) => `${command} ${address}:${port}`).join(", ") || "none";
}
