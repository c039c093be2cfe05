// The words that claims, probes and reports share. Each is declared here and nowhere else.

/**
 * The layer that refused. `validation` is a refusal of what was asked rather than of who asked: an object that is
 * invalid, an API that is not served. (The others are those of Kubernetes' own request path.)
 */
export const LAYERS = ["tcp", "tls", "authentication", "authorization", "admission", "validation"] as const;
export type Layer = (typeof LAYERS)[number];

/** What a claim turned out to be; README.md says what each means. */
export const VERDICTS = ["holds", "broken", "outdated", "closed", "not-exercised", "inconclusive"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a claim lacks that was not exercised: something of the cluster (its version, nodes, settings) or of what runs it. */
export const MISSING = ["cluster", "environment"] as const;
export type Missing = (typeof MISSING)[number];

/**
 * What a control shows: that a legitimate caller is served, that a wrong one is refused, or what was read off the live
 * cluster. An observation supports a claim, and counts as neither positive nor negative.
 */
export const CONTROL_KINDS = ["positive", "negative", "observation"] as const;
export type ControlKind = (typeof CONTROL_KINDS)[number];

export { TOUCHES } from "../support/touches.ts";

/** Where an exchange starts: inside a node, in a container beside the nodes, in a pod, on the machine that runs us. */
export const VANTAGES = ["node", "neighbour", "pod", "host"] as const;
export type VantageKind = (typeof VANTAGES)[number];

/** The TLS alerts that end a connection, under their names in RFC 8446, section 6. */
export const ALERTS = {
  unexpected_message: 10,
  bad_record_mac: 20,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  unrecognized_name: 112,
  certificate_required: 116,
  no_application_protocol: 120,
} as const;
export type AlertName = keyof typeof ALERTS;

/** An alert's name in words: `unknown CA`, `certificate required`; undefined for a number that has none. */
export function alertName(alert: number): string | undefined {
  const name = Object.entries(ALERTS).find(([, number]) => number === alert)?.[0];
  return name?.replaceAll("_", " ").replace(/\bca$/, "CA");
}
