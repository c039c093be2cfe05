import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from "jose";
import { publicKeyId } from "../pki/index.ts";
import { PlaneproofError } from "../support/errors.ts";

type Algorithm = "RS256" | "ES256" | "ES384";

/** The claims of a service account token. Those under `kubernetes.io` name what it is bound to. */
export interface TokenClaims extends JWTPayload {
  "kubernetes.io"?: {
    namespace?: string;
    pod?: { name: string; uid: string };
    serviceaccount?: { name: string; uid: string };
    node?: { name: string; uid: string };
  };
}

/** What a token claims, without its signature: safe to report. */
export function claimsOf(token: string): TokenClaims {
  return decodeJwt<TokenClaims>(token);
}

/** Service account tokens, each wrong in one way (but `signed`): header and claims are otherwise the genuine one's. */
export const forge = {
  /** Wrong in nothing: these claims under the true key and its id. The acceptance twin of the others. */
  async signed(claims: JWTPayload, signingKeyPem: string): Promise<string> {
    const key = createPrivateKey(signingKeyPem);
    const publicPem = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithmOf(key), kid: publicKeyId(publicPem) })
      .sign(key);
  },

  /** The true key's id and algorithm over another key's signature. */
  async otherKey(genuine: string): Promise<string> {
    const header = headerOf(genuine);
    return new SignJWT(claimsOf(genuine)).setProtectedHeader(header).sign(await makeKey(header.alg));
  },

  /**
   * Ended `secondsAgo`, having lived as long as the claims say. The API server forgives 60 s
   * (go-jose, jwt.DefaultLeeway), so less than that proves nothing.
   */
  expired(claims: JWTPayload, signingKeyPem: string, secondsAgo = 120): Promise<string> {
    const exp = Math.floor(Date.now() / 1000) - secondsAgo;
    const earlier = (claims.exp ?? exp) - exp;
    const shifted: JWTPayload = { ...claims, exp };
    if (claims.iat !== undefined) shifted.iat = claims.iat - earlier;
    if (claims.nbf !== undefined) shifted.nbf = claims.nbf - earlier;
    return forge.signed(shifted, signingKeyPem);
  },

  /** For somebody else. */
  audience(claims: JWTPayload, signingKeyPem: string, audience: string): Promise<string> {
    return forge.signed({ ...claims, aud: [audience] }, signingKeyPem);
  },

  /** `alg: none` without a signature. By hand: jose's SignJWT refuses it, and its UnsecuredJWT drops the key id. */
  algNone(genuine: string): string {
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");
    return `${part({ ...headerOf(genuine), alg: "none" })}.${part(claimsOf(genuine))}.`;
  },

  /**
   * HS256 with the text of the public key as the shared secret, which fools a verifier that lets the token choose the
   * algorithm. jose refuses a public key here, rightly, but not its bytes.
   */
  hmacWithPublicKey(genuine: string, publicKeyPem: string): Promise<string> {
    return new SignJWT(claimsOf(genuine))
      .setProtectedHeader({ ...headerOf(genuine), alg: "HS256" })
      .sign(Buffer.from(publicKeyPem));
  },
};

/** How a token says it is signed: safe to report. */
export function headerOf(token: string): { alg: string; kid?: string } {
  const { alg = "", kid } = decodeProtectedHeader(token);
  return kid === undefined ? { alg } : { alg, kid };
}

async function makeKey(algorithm: string): Promise<KeyObject> {
  if (algorithm === "RS256")
    return (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
  if (algorithm === "ES256" || algorithm === "ES384") {
    const namedCurve = algorithm === "ES256" ? "P-256" : "P-384";
    return (await promisify(generateKeyPair)("ec", { namedCurve })).privateKey;
  }
  throw unknown(algorithm);
}

function algorithmOf(key: KeyObject): Algorithm {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === "rsa") return "RS256";
  if (curve === "prime256v1") return "ES256";
  if (curve === "secp384r1") return "ES384";
  throw unknown(curve ?? String(key.asymmetricKeyType));
}

function unknown(found: string): PlaneproofError {
  return new PlaneproofError("Kubernetes signs no service account token this way", {
    expected: "RS256, ES256 or ES384 (kubeadm's encryptionAlgorithm)",
    found,
  });
}
