import { PlaneproofError } from "../support/errors.ts";

/** The base64 of a text wherever it stands in what was encoded: of the groups of four at its edges only the inner ones. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from("\0".repeat(before) + text).toString("base64");
    const last = Math.floor(((before + text.length) * 8) / 6); // this character holds bits of what follows
    return encoded
      .slice(Math.ceil((before * 8) / 6), last)
      .replace(/[+/]/g, (sign) => `[${sign === "+" ? "+-" : "/_"}]`);
  });
}

const SECRETS: { what: string; pattern: RegExp }[] = [
  {
    what: "a private key",
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[\s\S]*)/,
  },
  {
    // A kubeconfig carries its key as base64 of PEM, and a Secret may carry the kubeconfig.
    what: "a private key in base64",
    pattern: new RegExp(`(?:${base64Forms(" PRIVATE KEY-----").join("|")})[\\w+/=-]*`),
  },
  { what: "a token (JWT)", pattern: /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/ },
  { what: "a bearer token", pattern: /authorization["']?\s*:\s*["']?bearer\s+[\w.~+/=-]{8,}/i },
  {
    // The API's own form (bootstrap/api, BootstrapTokenPattern). With a digit, which 199 of 200 have and names have not.
    what: "a bootstrap token",
    pattern: /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]{0,15}[0-9])[a-z0-9]{16}(?![\w.-])/,
  },
  { what: "kubeadm's certificate key", pattern: /certificate-?key["'\s:=]{1,8}[0-9a-f]{64}/i },
];

/** A text without what looks like a secret: `[a private key]` stands in its place. */
export function redact(text: string): string {
  return SECRETS.reduce(
    (rest, { what, pattern }) => rest.replace(new RegExp(pattern, `g${pattern.flags}`), `[${what}]`),
    text,
  );
}

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
