import "reflect-metadata";
import { createHash, generateKeyPairSync, X509Certificate } from "node:crypto";
import { inspect } from "node:util";
import { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from "@peculiar/x509";
import { expect, describe as group, test } from "vitest";
import { selfSigned } from "./authority.ts";
import {
  Authority,
  certificateRequest,
  certificatesIn,
  describeCertificate,
  privateKeyIn,
  publicKeyId,
} from "./index.ts";
import { loadKeys } from "./keys.ts";
import { distinguishedName } from "./names.ts";

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve }).privateKey;

group("takes an authority's key in each form that kubeadm and others write", () => {
  test.each([
    ["RSA-2048", "pkcs1", () => rsa().export({ type: "pkcs1", format: "pem" })],
    ["RSA-2048", "pkcs8", () => rsa().export({ type: "pkcs8", format: "pem" })],
    ["ECDSA-P256", "sec1", () => ec("P-256").export({ type: "sec1", format: "pem" })],
    ["ECDSA-P384", "sec1", () => ec("P-384").export({ type: "sec1", format: "pem" })],
    ["ECDSA-P384", "pkcs8", () => ec("P-384").export({ type: "pkcs8", format: "pem" })],
  ])("%s as %s", async (algorithm, _form, make) => {
    const keyPem = make().toString();
    const certPem = await selfSigned(distinguishedName("kubernetes", []), await loadKeys(keyPem));
    const authority = await Authority.load(certPem, keyPem);
    const leaf = await authority.issue({ cn: "client", usages: ["client"] });
    const [ca, certificate] = [new X509Certificate(certPem), new X509Certificate(leaf.certPem)];
    expect(describeCertificate(certPem)).toMatchObject({ algorithm, isCa: true });
    expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
  });
});

test("refuses a key that is not the certificate's", async () => {
  const { certPem } = await Authority.create({ cn: "kubernetes" });
  const keyPem = ec("P-256").export({ type: "pkcs8", format: "pem" }).toString();
  await expect(Authority.load(certPem, keyPem)).rejects.toThrow("does not belong to its certificate");
});

test("describes a certificate as plain data", async () => {
  const authority = await Authority.create({ cn: "kubernetes" });
  const sans = { dns: ["localhost"], ip: ["10.0.0.1", "FD00:0:0::1"] };
  const { certPem } = await authority.issue({
    cn: "kube-apiserver",
    organizations: ["a"],
    usages: ["server"],
    sans,
  });
  const { fingerprint256, serialNumber } = new X509Certificate(certPem);
  expect(describeCertificate(certPem)).toMatchObject({
    subject: { cn: "kube-apiserver", organizations: ["a"] },
    issuer: { cn: "kubernetes" },
    sans: { dns: ["localhost"], ip: ["10.0.0.1", "fd00::1"] },
    usages: ["server"],
    serial: serialNumber.toLowerCase(),
    algorithm: "ECDSA-P256",
    isCa: false,
    fingerprint: fingerprint256,
  });
});

test("takes certificates and key out of a file that holds both", async () => {
  const leaf = await (await Authority.create({ cn: "ca" })).issue({ cn: "kubelet", usages: ["client"] });
  const file = `${leaf.keyPem}${leaf.certPem}`;
  expect(describeCertificate(file).subject.cn).toBe("kubelet");
  expect(certificatesIn(file).trim()).toBe(leaf.certPem.trim());
  expect(privateKeyIn(file).trim()).toBe(leaf.keyPem.trim());
  expect(() => privateKeyIn(leaf.certPem)).toThrow("holds no private key");
});

test("asks for a certificate", async () => {
  const request = await certificateRequest({
    cn: "system:node:n",
    organizations: ["system:nodes"],
    sans: { ip: ["::1"] },
  });
  const csr = new Pkcs10CertificateRequest(request.csrPem);
  expect(await csr.verify()).toBe(true);
  expect(csr.subject).toBe("O=system:nodes, CN=system:node:n");
  const names = csr.extensions.find(
    (extension) => extension instanceof SubjectAlternativeNameExtension,
  )?.names;
  expect(names?.items.map(({ value }) => value)).toEqual(["::1"]);
  expect(inspect(request) + JSON.stringify(request)).not.toContain("PRIVATE KEY");
});

test("a key's id is the digest of its DER", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  expect(publicKeyId(pem)).toBe(createHash("sha256").update(der).digest("base64url"));
});
