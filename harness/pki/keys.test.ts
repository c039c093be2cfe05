import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { Authority } from "./authority.ts";
import { publicKeyId, publicKeysIn } from "./keys.ts";

test("the public keys in a PEM text: of public keys, private keys and certificates, in their order", async () => {
  const [old, next] = [
    generateKeyPairSync("rsa", { modulusLength: 2048 }),
    generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ];
  const { certPem } = await Authority.create({ cn: "somebody" });
  const pems = [
    old.publicKey.export({ type: "spki", format: "pem" }),
    next.privateKey.export({ type: "sec1", format: "pem" }),
    certPem,
  ];
  const found = publicKeysIn(`# in rotation\n${pems.join("\n")}`);
  expect(found.map(publicKeyId)).toEqual(pems.map((pem) => publicKeyId(String(pem))));
  expect(found[1]).toBe(createPublicKey(next.privateKey).export({ type: "spki", format: "pem" }));
});

test("what is no key is none", () => {
  expect(
    publicKeysIn("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"),
  ).toEqual([]);
});
