import { PlaneproofError } from "../support/errors.ts";

// A kubeconfig carries its key as base64 of PEM. Only whole groups of three bytes encode to the same text every time.
const encodedKeys = ["", "RSA ", "EC "].map((type) => {
  const header = Buffer.from(`-----BEGIN ${type}PRIVATE KEY`);
  return header.subarray(0, header.length - (header.length % 3)).toString("base64");
});

const SECRETS: { what: string; pattern: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/ },
  { what: "a private key in base64", pattern: new RegExp(encodedKeys.join("|")) },
  { what: "a token (JWT)", pattern: /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/ },
  { what: "a bearer token", pattern: /authorization["']?\s*:\s*["']?bearer\s+[\w.~+/=-]{8,}/i },
];

/** Throws when a string in the value looks like a secret. Says where it is and what it looks like, and never what it is. */
export function refuseSecrets(value: unknown, path = "report"): void {
  if (typeof value === "string") {
    const found = SECRETS.find(({ pattern }) => pattern.test(value));
    if (!found) return;
    throw new PlaneproofError("The report is not written: it holds what looks like a secret.", {
      where: path,
      expected: "certificates, subjects and a token's claims, but no key and no token",
      found: found.what,
      remedy: "the claim or the probe that produced this text must leave the secret out",
    });
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseSecrets(item, `${path}[${index}]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) refuseSecrets(item, `${path}.${name}`);
  }
}
