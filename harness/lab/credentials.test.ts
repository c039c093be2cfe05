import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Cluster } from "../cluster/cluster.ts";
import { byToken, CertificateIdentity } from "../identity/index.ts";
import { Authority, describeCertificate, type Leaf } from "../pki/index.ts";
import { Credentials, holderOfCertificate } from "./credentials.ts";
import { localNode } from "./local-node.test-data.ts";

const root = mkdtempSync(join(tmpdir(), "planeproof-credentials-"));
afterAll(() => rmSync(root, { recursive: true }));
const PKI = "/etc/kubernetes/pki";
const file = (path: string, text: string) => writeFileSync(join(root, "/etc/kubernetes", path), text);
const base64 = (text: string) => Buffer.from(text).toString("base64");

const node = localNode({ root });
const cluster = { controlPlane: node, pki: (name: string) => `${PKI}/${name}` } as unknown as Cluster;
let [leaf, other]: Leaf[] = [];

/** A kubeconfig as kubeadm writes one, with what its user has. */
const kubeconfig = (user: object) =>
  stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:6443" } }],
    users: [{ name: "u", user }],
  });

beforeAll(async () => {
  mkdirSync(join(root, PKI, "etcd"), { recursive: true });
  const ca = await Authority.create({ cn: "kubernetes" });
  leaf = await ca.issue({ cn: "system:kube-scheduler", usages: ["client"] });
  other = await ca.issue({ cn: "kube-etcd-peer", usages: ["client", "server"] });
  file(
    "scheduler.conf",
    kubeconfig({ "client-certificate-data": base64(leaf.certPem), "client-key-data": base64(leaf.keyPem) }),
  );
  file(
    "files.conf",
    kubeconfig({ "client-certificate": `${PKI}/etcd/peer.crt`, "client-key": `${PKI}/etcd/peer.key` }),
  );
  file("token.conf", kubeconfig({ token: "an-opaque-token" }));
  file("pki/etcd/peer.crt", other.certPem);
  file("pki/etcd/peer.key", other.keyPem);
  file("pki/ca.crt", ca.certPem);
});

test("a kubeconfig's owner, with the key in it and with the key in a file", async () => {
  const credentials = new Credentials(cluster);
  expect((await credentials.kubeconfig("scheduler.conf")).label).toBe(
    "CN=system:kube-scheduler, signed by CN=kubernetes",
  );
  expect((await credentials.kubeconfig("files.conf")).certificate.keyPem).toBe(other?.keyPem);
});

test("one that holds a token is no certificate's holder, and says where it lies and not what it is", async () => {
  const credentials = new Credentials(cluster);
  const error = await credentials.kubeconfig("token.conf").catch((error: Error) => error.message);
  expect(error).toMatch(/token\.conf on local/);
  expect(error).not.toContain("an-opaque-token");
  expect(() => holderOfCertificate(byToken("another-token", "somebody"), "here")).toThrow(
    /here[\s\S]*found: +somebody/,
  );
});

test("a certificate with its key, and a public file; each is read once", async () => {
  const credentials = new Credentials(cluster);
  const peer = await credentials.certificate("etcd/peer");
  expect(peer).toBeInstanceOf(CertificateIdentity);
  expect(describeCertificate(await credentials.pem("ca.crt")).subject.cn).toBe("kubernetes");
  writeFileSync(join(root, PKI, "etcd/peer.crt"), "another text");
  expect(await credentials.certificate("etcd/peer")).toBe(peer);
  writeFileSync(join(root, PKI, "etcd/peer.crt"), other?.certPem ?? "");
});

test("an authority whose key belongs to another certificate is refused", async () => {
  writeFileSync(join(root, PKI, "ca.key"), other?.keyPem ?? "");
  const credentials = new Credentials(cluster);
  await expect(credentials.authority("ca")).rejects.toThrow(/does not belong to its certificate/);
});
