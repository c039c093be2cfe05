/** Where a sentence is documented. */
export interface Documentation {
  source: string;
  section: string;
  url?: string;
}

/** A slide of the deck that planeproof proves: `deck("etcd clients")`. */
export function slide(slide: string): Documentation {
  return { source: "securing-the-control-plane.md", section: slide };
}

/** A page of the Kubernetes documentation: `kubernetes("TLS bootstrapping", "reference/access-authn-authz/…")`. */
export function kubernetes(section: string, path: string): Documentation {
  return { source: "Kubernetes documentation", section, url: `https://kubernetes.io/docs/${path}` };
}
