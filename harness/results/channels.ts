import type { ClaimResult } from "./schema.ts";

/** A documented path between two components, as a report names it. */
export interface Channel {
  id: string;
  title: string;
  from: string;
  to: string;
  /** What goes over it and what locks it. */
  sentence: string;
}

/** The channels in the order in which a report shows them: that of the deck, and after it those beyond the deck. */
const channels: readonly Channel[] = [
  channel(
    "general",
    "Every open port",
    "anyone",
    "control plane",
    "Each port that is open speaks TLS or is meant not to, and whoever has no credential gets nowhere.",
  ),
  channel(
    "etcd-peer",
    "etcd peers",
    "etcd",
    "etcd",
    "The members of etcd replicate everything among themselves, with certificates of etcd's own CA.",
  ),
  channel(
    "etcd-client",
    "etcd clients",
    "API server",
    "etcd",
    "Only the API server reads and writes the store; a certificate of the cluster's CA opens nothing there.",
  ),
  channel(
    "api-clients",
    "API server clients",
    "clients",
    "API server",
    "A client is who its certificate says, and the client in turn checks the server's.",
  ),
  channel(
    "kubelet-identity",
    "Kubelet's identity",
    "kubelet",
    "API server",
    "A kubelet is its node, system:node:NAME in system:nodes, and no one else.",
  ),
  channel(
    "node-isolation",
    "Node isolation",
    "kubelet",
    "API server",
    "A kubelet sees and changes what belongs to its own node, and nothing of the others.",
  ),
  channel(
    "bootstrap",
    "Joining a node",
    "new kubelet",
    "API server",
    "A bootstrap token buys one kubelet certificate, and nothing else.",
  ),
  channel(
    "api-to-kubelet",
    "API server to kubelet",
    "API server",
    "kubelet",
    "Logs, exec and attach go to the kubelet under a key pair of the API server's own.",
  ),
  channel(
    "kubelet-serving",
    "Kubelet's certificate",
    "API server",
    "kubelet",
    "The API server checks whom it talks to before it hands a session to a kubelet.",
  ),
  channel(
    "kubelet-authn",
    "Kubelet authentication",
    "anyone",
    "kubelet",
    "A kubelet's port answers nobody whom it cannot name.",
  ),
  channel(
    "kubelet-authz",
    "Kubelet authorization",
    "kubelet",
    "API server",
    "Whether a caller may is not for the kubelet to decide: it asks the API server each time.",
  ),
  channel(
    "scheduler",
    "Scheduler",
    "scheduler",
    "API server",
    "The scheduler binds pods as system:kube-scheduler, and may do little else.",
  ),
  channel(
    "controller-manager",
    "Controller manager",
    "controller manager",
    "API server",
    "The controller manager is an ordinary client, and its controllers act under accounts of their own.",
  ),
  channel(
    "csr-signing",
    "Certificate signing",
    "controller manager",
    "API server",
    "A certificate is signed once its request is approved, and not before.",
  ),
  channel(
    "secure-ports",
    "Secure ports",
    "anyone",
    "scheduler, controller manager",
    "The scheduler's and the controller manager's own ports ask who is there.",
  ),
  channel(
    "sa-issuance",
    "Token issuance",
    "API server",
    "pods",
    "A pod's token names its pod, its node and its audience, and it ends.",
  ),
  channel(
    "sa-verification",
    "Token verification",
    "pods",
    "API server",
    "A token that is forged, expired, for another audience or of a deleted pod is refused.",
  ),
  channel(
    "kube-proxy",
    "kube-proxy",
    "kube-proxy",
    "API server",
    "kube-proxy reads services and endpoints with its service account's token, and may change nothing.",
  ),
  channel(
    "access-review",
    "Access reviews",
    "authorizers",
    "API server",
    "Others ask the API server who may do what; only those who may ask get an answer.",
  ),
  channel(
    "front-proxy",
    "Front proxy",
    "aggregator",
    "API server",
    "A user named in a header is believed from the front proxy's certificate alone.",
  ),
];

/** The channel of that id. One that is not in the table is shown under its id, so that no claim is ever left out. */
export function channelOf(id: string): Channel {
  return channels.find((known) => known.id === id) ?? channel(id, id, "", "", "");
}

/** The claims of a run by channel, in the table's order, unknown channels last. Channels without claims are left out. */
export function byChannel(claims: readonly ClaimResult[]): { channel: Channel; claims: ClaimResult[] }[] {
  const ids = [...new Set([...channels.map(({ id }) => id), ...claims.map((claim) => claim.channel)])];
  return ids
    .map((id) => ({ channel: channelOf(id), claims: claims.filter((claim) => claim.channel === id) }))
    .filter((group) => group.claims.length > 0);
}

function channel(id: string, title: string, from: string, to: string, sentence: string): Channel {
  return { id, title, from, to, sentence };
}
