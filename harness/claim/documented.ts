/** Where a sentence is documented. */
export interface Documentation {
  source: string;
  section: string;
  url?: string;
}

// Pinned to a commit, so that a citation says what it said; later commits rewrote some slides and added others. A slide is
// addressed by its lines: GitHub's anchors are slugs of the headings, by rules that it does not document (what of an arrow?).
const deck =
  "https://github.com/jpetazzo/container.training/blob/7257a5c594db1f08340ff0f86c84227fd297732b/slides/k8s/control-plane-auth.md?plain=1";

/** Every slide of the deck at that commit: its heading, and its first and last line there. */
export const slides = {
  "Securing the control plane": [1, 19],
  "Authentication and authorization": [23, 35],
  "In practice": [39, 51],
  "etcd peers": [55, 69],
  "etcd clients": [73, 91],
  "API server clients": [95, 113],
  "Kubelet and API server": [117, 131],
  "Kubelet → API server": [135, 145],
  "API server → kubelet": [149, 165],
  Scheduler: [169, 173],
  "Controller manager": [177, 189],
  "Service account tokens": [193, 209],
  "kube-proxy": [213, 221],
  Webhooks: [225, 241],
  "Subject Access Review": [245, 265],
} as const satisfies Record<string, readonly [first: number, last: number]>;

/** A slide of the deck that planeproof proves, "Securing the control plane": `slide("etcd clients")`. */
export function slide(heading: keyof typeof slides): Documentation {
  const [first, last] = slides[heading];
  return { source: "Securing the control plane", section: heading, url: `${deck}#L${first}-L${last}` };
}

/** A page of the Kubernetes documentation: `kubernetes("TLS bootstrapping", "reference/access-authn-authz/…#…")`. */
export function kubernetes(section: string, path: string): Documentation {
  return { source: "Kubernetes documentation", section, url: `https://kubernetes.io/docs/${path}` };
}

/** A page of etcd's documentation: `etcd("Transport security model", "op-guide/security/#…")`. */
export function etcd(section: string, path: string): Documentation {
  return { source: "etcd documentation", section, url: `https://etcd.io/docs/v3.7/${path}` };
}
