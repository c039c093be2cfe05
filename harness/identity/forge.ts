import { createHmac, createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { decodeJwt, type JWTPayload, SignJWT } from "jose";
import { publicKeyId } from "../pki/index.ts";

/** What a token claims, without its signature: safe to report. */
export function claimsOf(token: string): JWTPayload {
  return decodeJwt(token);
}

/** Tokens forged from the claims of a genuine one, each wrong in one way. */
export const forge = {
  /** Right in everything: the claims signed by the true key. The acceptance twin of the others. */
  signed: (claims: JWTPayload, keyPem: string): Promise<string> => sign(claims, keyPem),

  /** The true key's id over another key's signature. */
  async otherKey(genuine: string, publicKeyPem: string): Promise<string> {
    const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return sign(claimsOf(genuine), pem, publicKeyId(publicKeyPem));
  },

  /** Ended some seconds ago. The API server allows 60 s of difference between clocks, so 120 unless given. */
  expired(claims: JWTPayload, keyPem: string, secondsAgo = 120): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return sign({ ...claims, iat: now - 7200, nbf: now - 7200, exp: now - secondsAgo }, keyPem);
  },

  /** For somebody else. */
  audience: (claims: JWTPayload, keyPem: string, audience: string): Promise<string> =>
    sign({ ...claims, aud: [audience] }, keyPem),

  /** `alg: none`, without a signature. By hand: jose makes such tokens only of a kind that it marks as unsecured. */
  algNone: (genuine: string): string => `${part({ alg: "none", typ: "JWT" })}.${part(claimsOf(genuine))}.`,

  /** HS256 with the public key as the shared secret. By hand: jose refuses a public key as an HMAC secret, rightly. */
  hmacWithPublicKey(genuine: string, publicKeyPem: string): string {
    const head = `${part({ alg: "HS256", kid: publicKeyId(publicKeyPem) })}.${part(claimsOf(genuine))}`;
    return `${head}.${createHmac("sha256", publicKeyPem).update(head).digest("base64url")}`;
  },
};

async function sign(claims: JWTPayload, keyPem: string, kid?: string): Promise<string> {
  const key = createPrivateKey(keyPem);
  const publicPem = createPublicKey(keyPem).export({ type: "spki", format: "pem" }).toString();
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const alg = key.asymmetricKeyType === "rsa" ? "RS256" : curve === "secp384r1" ? "ES384" : "ES256";
  return new SignJWT(claims).setProtectedHeader({ alg, kid: kid ?? publicKeyId(publicPem) }).sign(key);
}

function part(json: unknown): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}
