import { createHash, createPrivateKey, createPublicKey, type KeyObject, webcrypto } from "node:crypto";
import { PlaneproofError } from "../support/errors.ts";
import { registerPrivateKey } from "./register-key.ts";

/** How a key pair signs: what kubeadm's `encryptionAlgorithm` may be. */
export type KeyAlgorithm = "RSA-2048" | "RSA-3072" | "RSA-4096" | "ECDSA-P256" | "ECDSA-P384";

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]) };

/** By which parameters WebCrypto knows an algorithm, for its keys and its signatures alike. */
const PARAMETERS = {
  "RSA-2048": { ...RSA, modulusLength: 2048 },
  "RSA-3072": { ...RSA, modulusLength: 3072 },
  "RSA-4096": { ...RSA, modulusLength: 4096 },
  "ECDSA-P256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  "ECDSA-P384": { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
};

/** A key pair, and how it signs. */
export interface Keys extends webcrypto.CryptoKeyPair {
  parameters: (typeof PARAMETERS)[KeyAlgorithm];
}

/** Makes a key pair. P-256 takes a millisecond, RSA up to a second. */
export async function makeKeys(algorithm: KeyAlgorithm): Promise<Keys> {
  const parameters = PARAMETERS[algorithm];
  const pair = await webcrypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
  registerPrivateKey(await privateKeyPem(pair.privateKey));
  return { ...(pair as webcrypto.CryptoKeyPair), parameters };
}

/** Takes a key pair out of a private key in PEM: PKCS#1, SEC1 or PKCS#8; WebCrypto itself reads the last alone. */
export async function loadKeys(keyPem: string): Promise<Keys> {
  registerPrivateKey(keyPem);
  const key = createPrivateKey(keyPem);
  const parameters = PARAMETERS[algorithmOf(key)];
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey("pkcs8", pkcs8, parameters, true, ["sign"]),
    webcrypto.subtle.importKey("spki", spki, parameters, true, ["verify"]),
  ]);
  return { privateKey, publicKey, parameters };
}

/** The algorithm of a key, private or public. Throws for one that kubeadm never makes. */
export function algorithmOf(key: KeyObject): KeyAlgorithm {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const curve = namedCurve === "prime256v1" ? "P256" : namedCurve === "secp384r1" ? "P384" : namedCurve;
  const found = key.asymmetricKeyType === "rsa" ? `RSA-${modulusLength}` : `ECDSA-${curve}`;
  if (found in PARAMETERS) return found as KeyAlgorithm;
  throw new PlaneproofError("This key is of a kind that planeproof does not sign with", {
    expected: Object.keys(PARAMETERS).join(", "),
    found: curve || modulusLength ? found : String(key.asymmetricKeyType),
  });
}

/** A private key as PKCS#8 PEM. */
export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return String(
    createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ type: "pkcs8", format: "pem" }),
  );
}

/**
 * The key id (`kid`) that Kubernetes gives to a service account key: SHA-256 over the DER of the public key, in
 * base64url without padding (pkg/serviceaccount/jwt.go, keyIDFromPublicKey).
 */
export function publicKeyId(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64url");
}

const KEY = /-----BEGIN ((?:\w+ )?(?:PUBLIC|PRIVATE) KEY|CERTIFICATE)-----[\s\S]+?-----END \1-----/g;

/** The public keys (PEM) in a PEM text, in its order: a private key or a certificate counts (client-go, util/keyutil). */
export function publicKeysIn(pem: string): string[] {
  return (pem.match(KEY) ?? []).map((block) =>
    createPublicKey(block).export({ type: "spki", format: "pem" }).toString(),
  );
}
