import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { inspect } from "node:util";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { describeCertificate, type Usage } from "./description.ts";
import { type KeyAlgorithm, loadKeys, makeKeys, parameters, privateKeyPem } from "./keys.ts";

cryptoProvider.set(webcrypto);

const HOUR_MS = 60 * 60 * 1000;

/** What a leaf certificate is to say. */
export interface LeafRequest {
  cn: string;
  organizations?: string[];
  usages: Usage[];
  sans?: { dns?: string[]; ip?: string[] };
  /** An hour ago unless given: the clocks of nodes need not agree with ours. */
  notBefore?: Date;
  /** In an hour unless given. */
  notAfter?: Date;
}

/** A certificate with its key. The key shows in no log: it is left out of JSON and of inspection. */
export class Leaf {
  readonly certPem: string;
  readonly #keyPem: string;

  constructor(certPem: string, keyPem: string) {
    this.certPem = certPem;
    this.#keyPem = keyPem;
  }

  get keyPem(): string {
    return this.#keyPem;
  }

  [inspect.custom](): string {
    return `Leaf(${describeCertificate(this.certPem).subject.cn})`;
  }
}

/** A certificate authority that we hold the key of: one of kubeadm's, read from a node, or one of our own. */
export class Authority {
  readonly certPem: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #algorithm: KeyAlgorithm;

  private constructor(certPem: string, keys: webcrypto.CryptoKeyPair, algorithm: KeyAlgorithm) {
    this.certPem = certPem;
    this.#keys = keys;
    this.#algorithm = algorithm;
  }

  /** Makes a self-signed root on the spot. */
  static async create(cn: string, algorithm: KeyAlgorithm = "ECDSA-P256"): Promise<Authority> {
    const keys = await makeKeys(algorithm);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: subject(cn, []),
      notBefore: new Date(Date.now() - HOUR_MS),
      notAfter: new Date(Date.now() + 24 * HOUR_MS),
      keys,
      signingAlgorithm: parameters(algorithm),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new Authority(certificate.toString("pem"), keys, algorithm);
  }

  /** Takes an authority whose certificate and key are there as PEM. */
  static async load(certPem: string, keyPem: string): Promise<Authority> {
    const { algorithm, ...keys } = await loadKeys(keyPem);
    return new Authority(certPem, keys, algorithm);
  }

  /** A rogue authority that bears the same name as a genuine one, under a key of its own. */
  static lookalike(certPem: string): Promise<Authority> {
    return Authority.create(describeCertificate(certPem).subject.cn);
  }

  /** Signs a leaf certificate under a fresh key. */
  async issue({
    cn,
    organizations = [],
    usages,
    sans = {},
    notBefore,
    notAfter,
  }: LeafRequest): Promise<Leaf> {
    const keys = await makeKeys();
    const authority = new X509Certificate(this.certPem);
    const names = [
      ...(sans.dns ?? []).map((value) => ({ type: "dns" as const, value })),
      ...(sans.ip ?? []).map((value) => ({ type: "ip" as const, value })),
    ];
    const purposes = usages.map((usage) =>
      usage === "client" ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth,
    );
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: subject(cn, organizations),
      issuer: authority.subjectName.toJSON(),
      notBefore: notBefore ?? new Date(Date.now() - HOUR_MS),
      notAfter: notAfter ?? new Date(Date.now() + HOUR_MS),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: parameters(this.#algorithm),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension(purposes),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ],
    });
    return new Leaf(certificate.toString("pem"), await privateKeyPem(keys.privateKey));
  }
}

/** A certificate signing request under a fresh key, for the CSR API. */
export async function certificateRequest(
  cn: string,
  organizations: string[] = [],
  sans: { dns?: string[]; ip?: string[] } = {},
): Promise<{ csrPem: string; keyPem: string }> {
  const keys = await makeKeys();
  const names = [
    ...(sans.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(sans.ip ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: subject(cn, organizations),
    keys,
    signingAlgorithm: parameters("ECDSA-P256"),
    extensions: names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [],
  });
  return { csrPem: request.toString("pem"), keyPem: await privateKeyPem(keys.privateKey) };
}

/** kubeadm writes the organizations before the common name, each in an RDN of its own. */
function subject(cn: string, organizations: string[]): JsonName {
  return [...organizations.map((name) => ({ O: [name] })), { CN: [cn] }];
}

/** A positive number of 127 bits (RFC 5280, 4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
