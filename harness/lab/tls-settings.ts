import { describeCertificate } from "../pki/index.ts";
import { type Refusal, tlsAlert } from "../probe/refusals.ts";

/** What a server was told of TLS. What it was not told is as Go has it: 1.2 to 1.3, with ciphers of Go's choice. */
export interface TlsSettings {
  /** `VersionTLS13`, or `TLS1.3` to etcd. */
  minVersion?: string | undefined;
  maxVersion?: string | undefined;
  /** For TLS 1.2: those of 1.3 cannot be chosen (crypto/tls, Config.CipherSuites). */
  cipherSuites?: readonly string[] | undefined;
}

/**
 * How a server with a certificate (PEM) refuses a client that speaks TLS 1.2 at most; undefined where it serves it. A cipher
 * suite of TLS 1.2 names the kind of key that the certificate must have.
 */
export function refusesTls12(settings: TlsSettings, certificate: string): Refusal | undefined {
  if (/1\.?3$/.test(settings.minVersion ?? "")) return tlsAlert("protocol_version");
  const key = describeCertificate(certificate).algorithm.startsWith("RSA") ? "_RSA_WITH_" : "_ECDSA_WITH_";
  const suites = settings.cipherSuites ?? [];
  const usable = suites.length === 0 || suites.some((suite) => suite.includes(key));
  return usable ? undefined : tlsAlert("handshake_failure");
}

/** How a server that demands certificates refuses a client without one: TLS 1.2 has no alert of its own for that (RFC 5246). */
export function refusesNoCertificate({ maxVersion }: TlsSettings): Refusal {
  return tlsAlert(/1\.?2$/.test(maxVersion ?? "") ? "handshake_failure" : "certificate_required");
}
