import "reflect-metadata";
import { createPrivateKey, X509Certificate as NodeCertificate, randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type Name,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { PlaneproofError } from "../support/errors.ts";
import { describeCertificate, type Usage } from "./description.ts";
import { type KeyAlgorithm, type Keys, loadKeys, makeKeys, privateKeyPem } from "./keys.ts";
import { CertificateRequest, Leaf } from "./leaf.ts";
import { alternativeNames, distinguishedName } from "./names.ts";
import { firstCertificateIn } from "./pem.ts";

cryptoProvider.set(webcrypto);

const HOUR_MS = 60 * 60 * 1000;

/** Whom a certificate is about. */
export interface Names {
  cn: string;
  organizations?: string[];
  sans?: { dns?: string[]; ip?: string[] };
}

/** What a leaf certificate is to say. */
export interface LeafRequest extends Names {
  usages: Usage[];
  /** An hour ago unless given: the clocks of nodes need not agree with ours. */
  notBefore?: Date;
  /** In an hour unless given. */
  notAfter?: Date;
}

/** A certificate authority that we hold the key of: one of kubeadm's, read from a node, or one of our own. */
export class Authority {
  readonly certPem: string;
  readonly #keys: Keys;

  private constructor(certPem: string, keys: Keys) {
    this.certPem = certPem;
    this.#keys = keys;
  }

  /** Makes a self-signed root on the spot, valid for a day. P-256 unless told otherwise. */
  static async create(root: { cn: string; algorithm?: KeyAlgorithm }): Promise<Authority> {
    const keys = await makeKeys(root.algorithm ?? "ECDSA-P256");
    return new Authority(await selfSigned(distinguishedName(root.cn, []), keys), keys);
  }

  /** Takes an authority from its certificate and key as PEM. Throws if they do not belong together. */
  static async load(certPem: string, keyPem: string): Promise<Authority> {
    const certificate = firstCertificateIn(certPem);
    if (!new NodeCertificate(certificate).checkPrivateKey(createPrivateKey(keyPem))) {
      throw new PlaneproofError("A certificate authority's key does not belong to its certificate", {
        expected: `the key of CN=${describeCertificate(certificate).subject.cn}`,
        found: "another key",
      });
    }
    return new Authority(certificate, await loadKeys(keyPem));
  }

  /** A rogue authority: the name and the key algorithm of a genuine one, under another key. */
  static async lookalike(certPem: string): Promise<Authority> {
    const keys = await makeKeys(describeCertificate(certPem).algorithm);
    return new Authority(
      await selfSigned(new X509Certificate(firstCertificateIn(certPem)).subjectName, keys),
      keys,
    );
  }

  /** Signs a leaf certificate under a fresh P-256 key. */
  async issue({
    cn,
    organizations = [],
    usages,
    sans = {},
    notBefore,
    notAfter,
  }: LeafRequest): Promise<Leaf> {
    const keys = await makeKeys("ECDSA-P256");
    const authority = new X509Certificate(this.certPem);
    // Not computed from the key: Go 1.25 changed how it computes the identifier, and OpenSSL wants the two to agree.
    const authorityKeyId = authority.getExtension(SubjectKeyIdentifierExtension)?.keyId;
    const names = alternativeNames(sans);
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: distinguishedName(cn, organizations),
      issuer: authority.subjectName,
      notBefore: notBefore ?? new Date(Date.now() - HOUR_MS),
      notAfter: notAfter ?? new Date(Date.now() + HOUR_MS),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: this.#keys.parameters,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        ...(usages.length > 0 ? [new ExtendedKeyUsageExtension(usages.map(purposeOf))] : []),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        ...(authorityKeyId ? [new AuthorityKeyIdentifierExtension(authorityKeyId)] : []),
      ],
    });
    return new Leaf(certificate.toString("pem"), await privateKeyPem(keys.privateKey), this.certPem);
  }
}

/** A request under a fresh P-256 key, for the CSR API (whose `spec.usages` says what the certificate is for). */
export async function certificateRequest({
  cn,
  organizations = [],
  sans = {},
}: Names): Promise<CertificateRequest> {
  const keys = await makeKeys("ECDSA-P256");
  const names = alternativeNames(sans);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: distinguishedName(cn, organizations),
    keys,
    signingAlgorithm: keys.parameters,
    extensions: names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [],
  });
  return new CertificateRequest(request.toString("pem"), await privateKeyPem(keys.privateKey));
}

/** A root's own certificate, as PEM. */
export async function selfSigned(name: Name, keys: Keys): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: name,
    notBefore: new Date(Date.now() - HOUR_MS),
    notAfter: new Date(Date.now() + 24 * HOUR_MS),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: keys.parameters,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return certificate.toString("pem");
}

function purposeOf(usage: Usage): ExtendedKeyUsage {
  return usage === "client" ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth;
}

/** Positive, and 127 bits long whatever the dice say (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
