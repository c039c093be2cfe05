import { inspect } from "node:util";
import { decodeJwt } from "jose";
import { describeCertificate, firstCertificate } from "../pki/index.ts";

/** A certificate with its key, as PEM. */
export interface CertificateAndKey {
  readonly certPem: string;
  readonly keyPem: string;
}

/** Who asks: a certificate, a token, or nobody. Its secrets show neither in JSON nor in inspection. */
export class Identity {
  /** Who it is, in words that are safe to print. */
  readonly label: string;
  readonly #certificate: CertificateAndKey | undefined;
  readonly #token: string | undefined;

  constructor(label: string, credential: { certificate?: CertificateAndKey; token?: string } = {}) {
    this.label = label;
    this.#certificate = credential.certificate;
    this.#token = credential.token;
  }

  get certificate(): CertificateAndKey | undefined {
    return this.#certificate;
  }

  get token(): string | undefined {
    return this.#token;
  }

  [inspect.custom](): string {
    return `Identity(${this.label})`;
  }
}

/** No credential at all. */
export const nobody = new Identity("nobody (no credential)");

/** The holder of a certificate: `CN=…, O=…, signed by CN=…` unless a label says more. */
export function byCertificate({ certPem, keyPem }: CertificateAndKey, label?: string): Identity {
  return new Identity(label ?? subjectInWords(certPem), { certificate: { certPem, keyPem } });
}

/** The holder of a token; its subject is the label unless given. */
export function byToken(token: string, label?: string): Identity {
  return new Identity(label ?? `token of ${subjectOf(token)}`, { token });
}

function subjectInWords(certPem: string): string {
  const { subject, issuer } = describeCertificate(firstCertificate(certPem));
  const groups = subject.organizations.map((group) => `, O=${group}`).join("");
  return `CN=${subject.cn}${groups}, signed by CN=${issuer.cn}`;
}

function subjectOf(token: string): string {
  try {
    return decodeJwt(token).sub ?? "nobody";
  } catch {
    return "something that is no JWT";
  }
}
