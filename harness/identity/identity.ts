import { decodeJwt } from "jose";
import { CertificateWithKey, certificatesIn, describeCertificate } from "../pki/index.ts";
import { registerSecret } from "../support/secrets/registry.ts";

/** Who asks. Its secrets show neither in JSON nor in inspection. */
export class Identity {
  readonly kind: "certificate" | "token" | "nobody" = "nobody";
  /** Who it is, in words that are safe to report. */
  readonly label: string;

  constructor(label: string) {
    this.label = label;
  }

  /** The certificate and its key, if that is what this identity shows. */
  get certificate(): CertificateWithKey | undefined {
    return undefined;
  }

  /** The bearer token, if that is what this identity shows. */
  get token(): string | undefined {
    return undefined;
  }
}

/** The holder of a client certificate and its key. */
export class CertificateIdentity extends Identity {
  override readonly kind = "certificate";
  readonly #certificate: CertificateWithKey;

  constructor(label: string, certificate: CertificateWithKey) {
    super(label);
    this.#certificate = certificate;
  }

  override get certificate(): CertificateWithKey {
    return this.#certificate;
  }
}

/** The holder of a bearer token. */
export class TokenIdentity extends Identity {
  override readonly kind = "token";
  readonly #token: string;

  constructor(label: string, token: string) {
    super(label);
    registerSecret(token);
    this.#token = token;
  }

  override get token(): string {
    return this.#token;
  }
}

/** No credential at all. */
export const nobody = new Identity("nobody (no credential)");

/** The holder of a certificate: `CN=…, O=…, signed by CN=…` unless a label says more. */
export function byCertificate(
  credential: { certPem: string; keyPem: string },
  label?: string,
): CertificateIdentity {
  // A kubelet's rotating file holds the key beside the certificate: only the certificates may count as public.
  const certificate = new CertificateWithKey(certificatesIn(credential.certPem), credential.keyPem);
  return new CertificateIdentity(label ?? subjectInWords(certificate.certPem), certificate);
}

/** The holder of a token: `token of SUBJECT` unless a label says more. */
export function byToken(token: string, label?: string): TokenIdentity {
  return new TokenIdentity(label ?? `token of ${subjectOf(token)}`, token);
}

function subjectInWords(certPem: string): string {
  const { subject, issuer } = describeCertificate(certPem);
  const groups = subject.organizations.map((group) => `, O=${group}`).join("");
  return `CN=${subject.cn}${groups}, signed by CN=${issuer.cn}`;
}

/** A bootstrap token, for one, is no JWT. */
function subjectOf(token: string): string {
  try {
    return decodeJwt(token).sub ?? "no subject";
  } catch {
    return "unknown subject (not a JWT)";
  }
}
