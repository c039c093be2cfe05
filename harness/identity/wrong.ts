import {
  type Authority,
  wrong as certificates,
  type Names,
  rightTwin as twinOf,
  type Usage,
} from "../pki/index.ts";
import { byCertificate, type CertificateIdentity } from "./identity.ts";

/**
 * Holders of a twin of somebody's genuine certificate, each wrong in exactly one way (harness/pki/wrong.ts): subject, SANs,
 * usages and signer are otherwise those of the genuine one, which `signer` signed unless a way says otherwise.
 */
export const wrong = {
  /** Signed by a rogue CA of the same name and key algorithm. */
  async rogueCa(genuine: CertificateIdentity, signer: Authority): Promise<CertificateIdentity> {
    return twin(genuine, "from a rogue CA of the same name", certificates.rogueCa(pem(genuine), signer));
  },

  /** Signed by a genuine CA that is responsible for something else: the cluster's CA instead of etcd's. */
  async otherCa(genuine: CertificateIdentity, other: Authority): Promise<CertificateIdentity> {
    return byCertificate(await certificates.otherCa(pem(genuine), other));
  },

  /** Ended a day ago. */
  async expired(genuine: CertificateIdentity, signer: Authority): Promise<CertificateIdentity> {
    return twin(genuine, "expired yesterday", certificates.expired(pem(genuine), signer));
  },

  /** Begins in a day. */
  async notYetValid(genuine: CertificateIdentity, signer: Authority): Promise<CertificateIdentity> {
    return twin(genuine, "valid from tomorrow", certificates.notYetValid(pem(genuine), signer));
  },

  /** For servers only, or for clients only where the genuine one is for servers only; `only` says which. */
  async usage(genuine: CertificateIdentity, signer: Authority, only?: Usage): Promise<CertificateIdentity> {
    return twin(genuine, "for another usage", certificates.usage(pem(genuine), signer, only));
  },

  /** With another common name (user, to Kubernetes), other organizations (groups), or both. */
  async subject(
    genuine: CertificateIdentity,
    signer: Authority,
    subject: Partial<Pick<Names, "cn" | "organizations">>,
  ): Promise<CertificateIdentity> {
    return byCertificate(await certificates.subject(pem(genuine), signer, subject));
  },

  /** With other alternative names; a kind that is left out stays as it is. */
  async sans(
    genuine: CertificateIdentity,
    signer: Authority,
    sans: NonNullable<Names["sans"]>,
  ): Promise<CertificateIdentity> {
    return twin(genuine, "with other SANs", certificates.sans(pem(genuine), signer, sans));
  },
};

/** The acceptance twin of the wrong ones: all is as in the genuine certificate, under a key that we made. */
export async function rightTwin(
  genuine: CertificateIdentity,
  signer: Authority,
): Promise<CertificateIdentity> {
  return twin(genuine, "under a fresh key", twinOf(pem(genuine), signer));
}

const pem = ({ certificate }: CertificateIdentity) => certificate.certPem;

async function twin(
  genuine: CertificateIdentity,
  way: string,
  leaf: Promise<{ certPem: string; keyPem: string }>,
): Promise<CertificateIdentity> {
  return byCertificate(await leaf, `${genuine.label}, ${way}`);
}
