import { X509Certificate } from "node:crypto";
import { firstCertificateIn } from "./pem.ts";

/** Whether the key of one certificate signed another; a root signed itself. Both as PEM. */
export function isSignedBy(certPem: string, authorityPem: string): boolean {
  const [certificate, authority] = [certPem, authorityPem].map(
    (pem) => new X509Certificate(firstCertificateIn(pem)),
  );
  return certificate !== undefined && authority !== undefined && certificate.verify(authority.publicKey);
}
