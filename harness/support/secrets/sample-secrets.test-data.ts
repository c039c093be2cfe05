// Made up: they have the form of secrets and open nothing. Put together here so that no scanner takes them for real ones.

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const pem = (type: string) => `-----BEGIN ${type} KEY-----\nMIIBmadeup\n-----END ${type} KEY-----`;

export const sampleSecrets: Record<string, string> = {
  "a private key (PKCS #8)": pem("PRIVATE"),
  "an EC private key": pem("EC PRIVATE"),
  "an RSA private key in a kubeconfig": Buffer.from(pem("RSA PRIVATE")).toString("base64"),
  "a PKCS #8 private key in a kubeconfig": Buffer.from(pem("PRIVATE")).toString("base64"),
  "a token": `${part({ alg: "RS256", kid: "made-up" })}.${part({ iss: "made-up", sub: "nobody" })}.bWFkZS11cA`,
  "a token without a signature": `${part({ alg: "none" })}.${part({ iss: "made-up" })}.`,
  "a bearer header": "Authorization: Bearer made-up-opaque-token",
};
