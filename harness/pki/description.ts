import "reflect-metadata";
import { createPublicKey } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Name,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from "@peculiar/x509";
import { algorithmOf, type KeyAlgorithm } from "./keys.ts";

export type Usage = "client" | "server";

/** What a certificate says, as plain data that is safe to report. */
export interface CertificateDescription {
  subject: { cn: string; organizations: string[] };
  issuer: { cn: string };
  sans: { dns: string[]; ip: string[] };
  usages: Usage[];
  notBefore: Date;
  notAfter: Date;
  serial: string;
  algorithm: KeyAlgorithm;
  isCa: boolean;
}

/** Reads a certificate (the first one in the PEM text). */
export function describeCertificate(certPem: string): CertificateDescription {
  const certificate = new X509Certificate(firstCertificate(certPem));
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
  const usages = certificate.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  return {
    subject: nameOf(certificate.subjectName),
    issuer: { cn: nameOf(certificate.issuerName).cn },
    sans: {
      dns: names.filter(({ type }) => type === "dns").map(({ value }) => value),
      ip: names.filter(({ type }) => type === "ip").map(({ value }) => value),
    },
    usages: [
      ...(usages.includes(ExtendedKeyUsage.clientAuth) ? (["client"] as const) : []),
      ...(usages.includes(ExtendedKeyUsage.serverAuth) ? (["server"] as const) : []),
    ],
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    serial: certificate.serialNumber,
    algorithm: algorithmOf(createPublicKey(certPem)),
    isCa: certificate.getExtension(BasicConstraintsExtension)?.ca ?? false,
  };
}

/** The first certificate of a PEM text: kubelet-client-current.pem holds the key behind it. */
export function firstCertificate(pem: string): string {
  const found = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem)?.[0];
  if (!found) throw new Error("there is no certificate in this PEM text");
  return found;
}

function nameOf(name: Name): CertificateDescription["subject"] {
  return { cn: name.getField("CN")[0] ?? "", organizations: name.getField("O") };
}
