import { inspect } from "node:util";
import { SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { Authority, type Leaf } from "../pki/index.ts";
import { byCertificate, byToken, fromKubeconfig, nobody } from "./index.ts";

let authority: Authority;
let leaf: Leaf;
let token: string;

beforeAll(async () => {
  authority = await Authority.create({ cn: "kubernetes" });
  leaf = await authority.issue({ cn: "system:node:n", organizations: ["system:nodes"], usages: ["client"] });
  token = await new SignJWT({ sub: "system:serviceaccount:kube-system:kube-proxy" })
    .setProtectedHeader({ alg: "HS256" })
    .sign(Buffer.alloc(32));
});

test("a label says who it is", () => {
  expect(byCertificate(leaf).label).toBe("CN=system:node:n, O=system:nodes, signed by CN=kubernetes");
  expect(byToken(token).label).toBe("token of system:serviceaccount:kube-system:kube-proxy");
  expect(byToken("abcdef.0123456789abcdef").label).toBe("token of unknown subject (not a JWT)");
  expect(byToken(token, "kube-proxy").label).toBe("kube-proxy");
  expect([byCertificate(leaf), byToken(token), nobody].map(({ kind }) => kind)).toEqual([
    "certificate",
    "token",
    "nobody",
  ]);
});

test("no secret shows in JSON or in inspection", () => {
  const both = byCertificate({ certPem: `${leaf.keyPem}${leaf.certPem}`, keyPem: leaf.keyPem });
  for (const holder of [both, both.certificate, byToken(token), { nested: [byToken(token)] }]) {
    const shown = JSON.stringify(holder) + inspect(holder, { depth: 9, showHidden: true });
    expect(shown).not.toContain("PRIVATE KEY");
    expect(shown).not.toContain(token);
  }
});

describe("fromKubeconfig", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const kubeconfig = (user: object, cluster: object = { "certificate-authority": "/ca.crt" }) =>
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "k", cluster: { server: "https://[fd00::1]:6443", ...cluster } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
      "current-context": "c",
    });
  /** Each file can be read but once: the kubelet may rotate its certificate between two readings. */
  const files = (content: Record<string, string>) => async (path: string) => {
    const text = content[path];
    if (text === undefined) throw new Error(`${path} is not there, or was read before`);
    delete content[path];
    return text;
  };

  test("takes what stands in the text, as in admin.conf", async () => {
    const user = { "client-certificate-data": base64(leaf.certPem), "client-key-data": base64(leaf.keyPem) };
    const cluster = { "certificate-authority-data": base64(authority.certPem) };
    const { identity, server, caPem } = await fromKubeconfig(kubeconfig(user, cluster), files({}), "admin");
    expect(identity).toMatchObject({ kind: "certificate", label: "admin" });
    expect(identity.certificate?.keyPem.trim()).toBe(leaf.keyPem.trim());
    expect({ server, caPem }).toEqual({ server: "https://[fd00::1]:6443", caPem: authority.certPem });
  });

  test("reads the kubelet's rotating file, which holds certificate and key", async () => {
    const path = "/var/lib/kubelet/pki/kubelet-client-current.pem";
    const read = files({ [path]: `${leaf.certPem}\n${leaf.keyPem}`, "/ca.crt": authority.certPem });
    const { identity } = await fromKubeconfig(
      kubeconfig({ "client-certificate": path, "client-key": path }),
      read,
    );
    expect(identity.label).toBe(byCertificate(leaf).label);
    expect(identity.certificate?.certPem).not.toContain("PRIVATE KEY");
    expect(identity.certificate?.keyPem).not.toContain("CERTIFICATE");
  });

  test("reads kube-proxy's token file", async () => {
    const path = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    const read = files({ [path]: `${token}\n`, "/ca.crt": authority.certPem });
    const { identity, caPem } = await fromKubeconfig(kubeconfig({ tokenFile: path }), read);
    expect(identity.token).toBe(token);
    expect(caPem).toBe(authority.certPem);
  });

  test("a user without credentials is nobody, under a cluster without a CA", async () => {
    const { identity, caPem } = await fromKubeconfig(kubeconfig({}, {}), files({}));
    expect(identity).toBe(nobody);
    expect(caPem).toBeUndefined();
  });

  test("says what is missing", async () => {
    const text = kubeconfig({}).replace("user: u", "user: other");
    await expect(fromKubeconfig(text, files({}))).rejects.toThrow("no such user");
  });
});
