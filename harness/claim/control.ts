import type { Exchange } from "../probe/outcome.ts";
import { ALERTS, type Layer } from "../results/vocabulary.ts";
import type { Expectation } from "./expectation.ts";

/** One real exchange that a claim rests on, with what it must show. */
export interface Control<Kind extends "positive" | "negative" = "positive" | "negative"> {
  kind: Kind;
  /** Who tries what, in words: "super-admin's certificate reads a key". */
  name: string;
  dial: () => Promise<Exchange>;
  expects: Expectation;
}

/** At least one of each: a claim without both does not compile. */
export interface Controls {
  works: [Control<"positive">, ...Control<"positive">[]];
  refused: [Control<"negative">, ...Control<"negative">[]];
}

/** What an accepted answer must show. */
export interface Shows<Data> {
  status?: number;
  /** In words, for the report: "the user is system:kube-scheduler". */
  shows?: string;
  where?: (data: Data) => boolean;
}

/** A positive control: the legitimate way works, and the answer shows what it must. */
export function works<Data = unknown>(
  name: string,
  dial: () => Promise<Exchange>,
  { where, ...rest }: Shows<Data> = {},
): Control<"positive"> {
  const look = where && { where: (data: unknown) => where(data as Data) };
  return { kind: "positive", name, dial, expects: { kind: "accepted", ...rest, ...look } };
}

/** How a wrong attempt must be refused, besides the layer that refuses it. */
export interface Refusal {
  /** The TLS alert's number. */
  alert?: number;
  /** The HTTP status. */
  status?: number;
  reason?: RegExp;
}

/** A negative control: the wrong way is refused by this layer, in this way. */
export function refused(
  name: string,
  dial: () => Promise<Exchange>,
  by: Layer,
  how: Refusal = {},
): Control<"negative"> {
  return { kind: "negative", name, dial, expects: { kind: "refused", layer: by, ...how } };
}

/** The TLS alerts with which Go's servers refuse a client certificate (RFC 8446, section 6.2). */
export const alerts = {
  /** A certificate that is wrong in itself, a wrong extended key usage among them. */
  badCertificate: ALERTS.bad_certificate,
  certificateExpired: ALERTS.certificate_expired,
  unknownCa: ALERTS.unknown_ca,
  decodeError: ALERTS.decode_error,
  protocolVersion: ALERTS.protocol_version,
  internalError: ALERTS.internal_error,
  certificateRequired: ALERTS.certificate_required,
} as const;
