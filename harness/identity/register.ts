import { registerPrivateKey } from "../pki/register-key.ts";
import { registerSecret } from "../support/secrets/registry.ts";

const JWT = /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]+/g;
const PEM_KEY = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END ([A-Z]+ )?PRIVATE KEY-----/g;
/** What files of Kubernetes call their secrets: kubeadm's configuration, kubeconfigs, an EncryptionConfiguration. */
const NAMED =
  /\b(?:token|certificateKey|secret|password|client-key-data|tlsBootstrapToken)["']?[ \t]*[:=][ \t]*["']?([^\s"',}\]]+)/g;
const BASE64_OF_PEM = /\bLS0tLS1CRUdJTi[\w+/]{20,}={0,2}/g;

// Loaded at each boot, as node/files.ts is: it needs neither the API client nor a library for certificates.

/** Registers the keys and tokens in a text that was read off a node: a key file, a kubeconfig, a kubeadm configuration. */
export function registerSecretsIn(text: string): void {
  for (const [pem] of text.matchAll(PEM_KEY)) registerPrivateKey(`${pem}\n`);
  for (const [token] of text.matchAll(JWT)) registerSecret(token);
  for (const [encoded] of text.matchAll(BASE64_OF_PEM)) {
    const pem = Buffer.from(encoded, "base64").toString();
    if (pem.includes("PRIVATE KEY")) registerSecretsIn(pem);
  }
  for (const [, value = ""] of text.matchAll(NAMED)) if (!value.startsWith("/")) registerSecret(value);
}

/** As much of a Secret as makes it one. */
export interface SecretObject {
  type?: string;
  /** Its values in base64. */
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

/** What some types of Secret hold that is known to everybody. */
const PUBLIC = /^(namespace|.*\.crt|description|expiration|auth-extra-groups|usage-.*)$/;

/** Registers the values of a Secret, those that everybody may know left out. */
export function registerSecretObject({ data = {}, stringData = {} }: SecretObject): void {
  const decoded = Object.entries(data).map(
    ([name, value]) => [name, Buffer.from(value, "base64").toString()] as const,
  );
  for (const [name, value] of [...decoded, ...Object.entries(stringData)]) {
    if (PUBLIC.test(name)) continue;
    registerSecretsIn(value);
    registerSecret(value);
    // Of a text with several lines a log may show one; a line of several words may be anybody's.
    for (const line of value.split("\n")) if (/^\S{16,}$/.test(line)) registerSecret(line);
  }
}
