import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { redact, registerSecret } from "../support/secrets/registry.ts";
import { forge } from "./forge.ts";
import { byToken } from "./identity.ts";
import { registerSecretObject, registerSecretsIn } from "./register.ts";

const key = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "sec1", format: "pem" })
    .toString();
const base64 = (text: string) => Buffer.from(text).toString("base64");

test("of a JWT the signature is the secret, in base64 as well", async () => {
  const token = await forge.signed({ sub: "somebody", jti: "1" }, key());
  const [, , signature = ""] = token.split(".");
  byToken(token);
  expect(redact(`signature ${signature}`)).toBe("signature [secret]");
  expect(redact(`token: ${token}`)).not.toContain(signature);
  const held = redact(`{"data":{"token":"${base64(token)}"}}`);
  expect(Buffer.from(held.slice(18), "base64").toString()).not.toContain(signature.slice(0, 40));
});

test("of a bootstrap token both halves and the whole are", () => {
  registerSecret("zzyyxx.aaaabbbbccccdddd");
  expect(redact("zzyyxx.aaaabbbbccccdddd")).not.toMatch(/zzyyxx|aaaabbbbccccdddd/);
  expect(redact("bootstrap-token-zzyyxx and aaaabbbbccccdddd")).toBe("bootstrap-token-[secret] and [secret]");
});

test("keys and tokens in what is read off a node: kubeconfigs, key files, kubeadm's configuration", () => {
  const [pem, other] = [key(), key()];
  const [line = ""] = pem.split("\n").slice(1);
  const [otherLine = ""] = other.split("\n").slice(1);
  registerSecretsIn(
    `apiVersion: v1\nusers:\n- user:\n    client-key-data: ${base64(pem)}\n    token: opaque-token-1\n`,
  );
  registerSecretsIn(`-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${other}`);
  registerSecretsIn(
    stringify({
      kind: "InitConfiguration",
      certificateKey: "00ff11ee22dd33cc",
      bootstrapTokens: [{ token: "ghghgh.jkjkjkjkjkjkjkjk" }],
    }),
  );
  registerSecretsIn(
    "providers:\n- aescbc:\n    keys:\n    - name: key1\n      secret: c2VjcmV0IGlzIHNlY3VyZQ==\n",
  );
  for (const secret of [
    line,
    otherLine,
    "opaque-token-1",
    "00ff11ee22dd33cc",
    "jkjkjkjkjkjkjkjk",
    "c2VjcmV0IGlzIHNlY3VyZQ==",
  ])
    expect(redact(`it is ${secret} there`)).toBe("it is [secret] there");
});

test("the values of a Secret, but what everybody may know", () => {
  registerSecretObject({
    data: {
      password: base64("p4ssw0rd-1"),
      namespace: base64("kube-system"),
      "ca.crt": base64("a certificate of all"),
    },
    stringData: { lines: "first line of it\nthe-second-line-of-it" },
  });
  expect(redact("p4ssw0rd-1, kube-system, a certificate of all")).toBe(
    "[secret], kube-system, a certificate of all",
  );
  expect(redact("first line of it")).toBe("first line of it");
  expect(redact("the-second-line-of-it")).toBe("[secret]");
  expect(redact(JSON.stringify("first line of it\nthe-second-line-of-it"))).toBe('"[secret]"');
  expect(redact(base64("p4ssw0rd-1"))).toMatch(/^\[secret\]/);
});
