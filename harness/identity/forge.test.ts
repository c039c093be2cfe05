import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { publicKeyId } from "../pki/index.ts";
import { claimsOf, forge } from "./index.ts";

const pairs: [string, { publicKey: KeyObject; privateKey: KeyObject }][] = [
  ["RS256", generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ["ES384", generateKeyPairSync("ec", { namedCurve: "P-384" })],
];

describe.each(pairs)("a service account token under %s", (alg, { publicKey, privateKey }) => {
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const kid = publicKeyId(publicPem);
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "https://kubernetes.default.svc.cluster.local",
    sub: "system:serviceaccount:default:n",
    aud: ["https://kubernetes.default.svc.cluster.local"],
    iat: now - 10,
    nbf: now - 10,
    exp: now + 3600,
    "kubernetes.io": { namespace: "default", serviceaccount: { name: "n", uid: "1" } },
  };
  const verify = (token: string) =>
    jwtVerify(token, publicKey, { algorithms: [alg], audience: claims.aud, clockTolerance: 60 });

  test("signed: passes, with the claims and the key's id", async () => {
    const token = await forge.signed(claims, keyPem);
    expect((await verify(token)).protectedHeader).toEqual({ alg, kid });
    expect(claimsOf(token)).toEqual(claims);
  });

  test("otherKey: all is the same but the signature", async () => {
    const genuine = await forge.signed(claims, keyPem);
    const forged = await forge.otherKey(genuine);
    expect(forged.split(".").slice(0, 2)).toEqual(genuine.split(".").slice(0, 2));
    await expect(verify(forged)).rejects.toMatchObject({ code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
  });

  test("expired: beyond the leeway, with the lifetime that the claims say", async () => {
    const token = await forge.expired(claims, keyPem);
    await expect(verify(token)).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
    const { iat = 0, nbf = 0, exp = 0, ...others } = claimsOf(token);
    expect([exp - iat, exp - nbf]).toEqual([claims.exp - claims.iat, claims.exp - claims.nbf]);
    expect(others).toEqual(Object.fromEntries(Object.entries(claims).filter(([name]) => name in others)));
    expect(Date.now() / 1000 - exp).toBeGreaterThanOrEqual(119); // at this moment: a busy machine forges later than it collects
  });

  test("audience: for somebody else", async () => {
    const token = await forge.audience(claims, keyPem, "vault");
    await expect(verify(token)).rejects.toMatchObject({ claim: "aud" });
    expect(claimsOf(token)).toEqual({ ...claims, aud: ["vault"] });
  });

  test("algNone: the same claims, without a signature", async () => {
    const token = forge.algNone(await forge.signed(claims, keyPem));
    expect(decodeProtectedHeader(token)).toEqual({ alg: "none", kid });
    expect([claimsOf(token), token.split(".")[2]]).toEqual([claims, ""]);
    await expect(verify(token)).rejects.toThrow();
  });

  test("hmacWithPublicKey: fools a verifier that trusts the header, and no other", async () => {
    const token = await forge.hmacWithPublicKey(await forge.signed(claims, keyPem), publicPem);
    const [header, payload, signature] = token.split(".");
    expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", kid });
    expect(createHmac("sha256", publicPem).update(`${header}.${payload}`).digest("base64url")).toBe(
      signature,
    );
    await expect(verify(token)).rejects.toMatchObject({ code: "ERR_JOSE_ALG_NOT_ALLOWED" });
  });
});

test("forgeries of whatever claims keep them", async () => {
  const privateKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const claims = fc.record({ sub: fc.string({ unit: "grapheme" }), ns: fc.jsonValue() });
  await fc.assert(
    fc.asyncProperty(claims, async (made) => {
      const said = JSON.parse(JSON.stringify(made));
      const genuine = await forge.signed(said, keyPem);
      for (const token of [genuine, await forge.otherKey(genuine), forge.algNone(genuine)]) {
        expect(claimsOf(token)).toEqual(said);
      }
      const { exp, ...others } = claimsOf(await forge.expired(said, keyPem));
      expect(others).toEqual(said);
      expect(exp).toBeLessThan(Date.now() / 1000 - 60);
    }),
    { numRuns: 30 },
  );
});

test("refuses a key that Kubernetes does not sign with", async () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await expect(forge.signed({}, keyPem)).rejects.toThrow("signs no service account token");
});
