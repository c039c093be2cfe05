import type { Documented, Expected, Observed } from "./schema.ts";

// RFC 8446, section 6: those that a refusal of a certificate or of a protocol version comes with.
const ALERTS: Record<number, string> = {
  40: "handshake failure",
  42: "bad certificate",
  43: "unsupported certificate",
  45: "certificate expired",
  46: "certificate unknown",
  48: "unknown CA",
  50: "decode error",
  51: "decrypt error",
  70: "protocol version",
  80: "internal error",
  116: "certificate required",
};

/** What a control was to see: `refused by TLS, alert 48 (unknown CA)`. */
export function describeExpected(expected: Expected): string {
  if (expected.kind === "accepted") {
    return join(["accepted", expected.status], expected.shows && `showing ${expected.shows}`);
  }
  const { layer, alert, status, reason } = expected;
  const name = alert === undefined ? undefined : ALERTS[alert];
  const number = alert === undefined ? undefined : `alert ${alert}${name ? ` (${name})` : ""}`;
  return join([refusedBy(layer), number, status], reason && `matching /${reason}/`);
}

/** What a control saw: `refused by TLS, alert 48: unknown ca`. */
export function describeObserved(observed: Observed): string {
  if (observed.kind === "failed") return join(["no answer to judge"], observed.reason);
  if (observed.kind === "accepted") return join(["accepted", observed.status], observed.summary);
  const { layer, alert, status, reason } = observed;
  return join([refusedBy(layer), alert === undefined ? undefined : `alert ${alert}`, status], reason);
}

/** `securing-the-control-plane.md, etcd clients` */
export function describeDocumented({ source, section }: Documented): string {
  return `${source}, ${section}`;
}

function refusedBy(layer: string): string {
  return `refused by ${layer === "tcp" || layer === "tls" ? layer.toUpperCase() : layer}`;
}

function join(parts: (string | number | undefined)[], detail: string | undefined): string {
  const said = parts.filter((part) => part !== undefined).join(", ");
  return detail ? `${said}: ${detail}` : said;
}
