import { decodeJwt } from "jose";
import { CertificateWithKey, certificatesIn, describeCertificate } from "../pki/index.ts";

type Credential = { certificate: CertificateWithKey } | { token: string } | Record<never, never>;

/** Who asks. Its secrets show neither in JSON nor in inspection. */
export class Identity {
  readonly kind: "certificate" | "token" | "nobody";
  /** Who it is, in words that are safe to report. */
  readonly label: string;
  readonly #certificate: CertificateWithKey | undefined;
  readonly #token: string | undefined;

  constructor(label: string, credential: Credential = {}) {
    this.label = label;
    this.#certificate = "certificate" in credential ? credential.certificate : undefined;
    this.#token = "token" in credential ? credential.token : undefined;
    this.kind = this.#certificate ? "certificate" : this.#token !== undefined ? "token" : "nobody";
  }

  /** The certificate and its key, if that is what this identity shows. */
  get certificate(): CertificateWithKey | undefined {
    return this.#certificate;
  }

  /** The bearer token, if that is what this identity shows. */
  get token(): string | undefined {
    return this.#token;
  }
}

/** No credential at all. */
export const nobody = new Identity("nobody (no credential)");

/** The holder of a certificate: `CN=…, O=…, signed by CN=…` unless a label says more. */
export function byCertificate(credential: { certPem: string; keyPem: string }, label?: string): Identity {
  // A kubelet's rotating file holds the key beside the certificate: only the certificates may count as public.
  const certificate = new CertificateWithKey(certificatesIn(credential.certPem), credential.keyPem);
  return new Identity(label ?? subjectInWords(certificate.certPem), { certificate });
}

/** The holder of a token: `token of SUBJECT` unless a label says more. */
export function byToken(token: string, label?: string): Identity {
  return new Identity(label ?? `token of ${subjectOf(token)}`, { token });
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
