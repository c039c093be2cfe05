import { alignments } from "./forms.ts";

/** The base64 of a text wherever it stands in what was encoded, in either alphabet, as the source of a pattern. */
function base64Of(text: string): string {
  return alignments(Buffer.from(text))
    .map((form) => form.replace(/[+/]/g, (sign) => `[${sign === "+" ? "+-" : "/_"}]`))
    .join("|");
}

/** What has the form of a secret, whoever made it. */
const PATTERNS: { what: string; pattern: RegExp }[] = [
  {
    what: "a private key",
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[\s\S]*)/,
  },
  {
    // A kubeconfig carries its key as base64 of PEM, and a Secret may carry the kubeconfig.
    what: "a private key in base64",
    pattern: new RegExp(`(?:${base64Of(" PRIVATE KEY-----")})[\\w+/=-]*`),
  },
  { what: "a token (JWT)", pattern: /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/ },
  {
    // As a Secret holds it: every JWT of Kubernetes begins with its algorithm.
    what: "a token (JWT) in base64",
    pattern: new RegExp(`(?:${base64Of("eyJhbGciOi")})[\\w+/=-]{40,}`),
  },
  { what: "a bearer token", pattern: /authorization["']?\s*:\s*["']?bearer\s+[\w.~+/=-]{8,}/i },
  {
    // The API's own form (bootstrap/api, BootstrapTokenPattern), with a digit, which names of hosts and APIs mostly have not.
    what: "a bootstrap token",
    pattern: /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]{0,15}[0-9])[a-z0-9]{16}(?![\w.-])/,
  },
  {
    // One in 182 has no digit, (26/36)^16: where it is called a token, it is one.
    what: "a bootstrap token",
    pattern: /(?<=token["'\s:=]{1,8})[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.-])/i,
  },
  { what: "kubeadm's certificate key", pattern: /certificate-?key["'\s:=]{1,8}[0-9a-f]{64}/i },
];

/** A text without what has the form of a secret: `[a private key]` stands in its place. */
export function withoutPatterns(text: string): string {
  return PATTERNS.reduce(
    (rest, { what, pattern }) => rest.replace(new RegExp(pattern, `g${pattern.flags}`), `[${what}]`),
    text,
  );
}

/** What a text that has the form of a secret holds, in words; undefined where it holds none. */
export function patternIn(text: string): string | undefined {
  return PATTERNS.find(({ pattern }) => pattern.test(text))?.what;
}
