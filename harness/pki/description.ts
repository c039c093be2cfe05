import "reflect-metadata";
import { X509Certificate as NodeCertificate } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Name,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from "@peculiar/x509";
import { algorithmOf, type KeyAlgorithm } from "./keys.ts";
import { canonicalAddress } from "./names.ts";
import { firstCertificateIn } from "./pem.ts";

/** What a certificate is for (extended key usage): to show it as a client, as a server. */
export type Usage = "client" | "server";

/** What a certificate says, as plain data that is safe to report. */
export interface CertificateDescription {
  subject: { cn: string; organizations: string[] };
  issuer: { cn: string };
  sans: { dns: string[]; ip: string[] };
  /** Empty where the certificate limits its use in no way. */
  usages: Usage[];
  notBefore: Date;
  notAfter: Date;
  /** In hex. */
  serial: string;
  /** Of the certificate's own key. */
  algorithm: KeyAlgorithm;
  isCa: boolean;
  /** SHA-256 over the certificate, in hex with colons. */
  fingerprint: string;
}

/** Reads a certificate: the first one of the PEM text. */
export function describeCertificate(certPem: string): CertificateDescription {
  const pem = firstCertificateIn(certPem);
  const certificate = new X509Certificate(pem);
  const { publicKey, fingerprint256 } = new NodeCertificate(pem);
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  const purposes = certificate.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  const usages: Usage[] = [];
  if (purposes.includes(ExtendedKeyUsage.clientAuth)) usages.push("client");
  if (purposes.includes(ExtendedKeyUsage.serverAuth)) usages.push("server");
  return {
    subject: {
      cn: commonName(certificate.subjectName),
      organizations: certificate.subjectName.getField("O"),
    },
    issuer: { cn: commonName(certificate.issuerName) },
    sans: {
      dns: names.filter(({ type }) => type === "dns").map(({ value }) => value),
      ip: names.filter(({ type }) => type === "ip").map(({ value }) => canonicalAddress(value)),
    },
    usages,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    serial: certificate.serialNumber,
    algorithm: algorithmOf(publicKey),
    isCa: certificate.getExtension(BasicConstraintsExtension)?.ca ?? false,
    fingerprint: fingerprint256,
  };
}

function commonName(name: Name): string {
  return name.getField("CN")[0] ?? "";
}
