import { parse } from "yaml";

/** Where an API server sends what a webhook is to decide, and whether it knows whom it asks. */
export interface Webhook {
  server: string;
  /** Why nobody can know who answers, in words. */
  unverified?: string;
}

/** The webhook in a kubeconfig, whose clusters, unlike a client's, name the webhook. */
export function webhookIn(kubeconfig: string): Webhook {
  const { clusters = [] } = (parse(kubeconfig) ?? {}) as {
    clusters?: { cluster?: { server?: string; "insecure-skip-tls-verify"?: boolean } }[];
  };
  const { server = "(none)", "insecure-skip-tls-verify": skips } = clusters[0]?.cluster ?? {};
  if (server.startsWith("http://")) return { server, unverified: "which is asked in the clear" };
  return { server, ...(skips ? { unverified: "whose certificate nobody verifies" } : {}) };
}
