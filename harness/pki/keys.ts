import { createHash, createPrivateKey, createPublicKey, type KeyObject, webcrypto } from "node:crypto";

/** How a key pair signs: what a kubeadm config may choose (encryptionAlgorithm) and what we make ourselves. */
export type KeyAlgorithm = "RSA-2048" | "RSA-3072" | "RSA-4096" | "ECDSA-P256" | "ECDSA-P384";

/** The parameters by which WebCrypto knows an algorithm, for its keys and for its signatures alike. */
export function parameters(
  algorithm: KeyAlgorithm,
): webcrypto.RsaHashedKeyGenParams | (webcrypto.EcKeyGenParams & { hash: string }) {
  if (algorithm.startsWith("RSA")) {
    const modulusLength = Number(algorithm.slice(4));
    return {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength,
      publicExponent: new Uint8Array([1, 0, 1]),
    };
  }
  const namedCurve = algorithm === "ECDSA-P256" ? "P-256" : "P-384";
  return { name: "ECDSA", namedCurve, hash: algorithm === "ECDSA-P256" ? "SHA-256" : "SHA-384" };
}

/** Makes a key pair; P-256 unless told otherwise, which takes a millisecond. */
export async function makeKeys(algorithm: KeyAlgorithm = "ECDSA-P256"): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(parameters(algorithm), true, [
    "sign",
    "verify",
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

/** Takes a private key out of PEM (PKCS#1, SEC1 or PKCS#8, as kubeadm of any version writes it) with its public half. */
export async function loadKeys(
  keyPem: string,
): Promise<webcrypto.CryptoKeyPair & { algorithm: KeyAlgorithm }> {
  const key = createPrivateKey(keyPem);
  const algorithm = algorithmOf(key);
  const params = parameters(algorithm);
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  const spki = createPublicKey(keyPem).export({ type: "spki", format: "der" });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey("pkcs8", pkcs8, params, true, ["sign"]),
    webcrypto.subtle.importKey("spki", spki, params, true, ["verify"]),
  ]);
  return { privateKey, publicKey, algorithm };
}

/** The algorithm of a key, private or public. */
export function algorithmOf(key: KeyObject): KeyAlgorithm {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") return `RSA-${modulusLength ?? 2048}` as KeyAlgorithm;
  return namedCurve === "secp384r1" ? "ECDSA-P384" : "ECDSA-P256";
}

export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ type: "pkcs8", format: "pem" })
    .toString();
}

/**
 * The key id that Kubernetes gives to a service account key: SHA-256 over the DER of the public key, in base64url
 * (pkg/serviceaccount/jwt.go, keyIDFromPublicKey).
 */
export function publicKeyId(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64url");
}
