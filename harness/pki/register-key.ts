import { createPrivateKey, type KeyObject } from "node:crypto";
import { register } from "../support/secrets/registry.ts";

const LINE = 64;
/** A line of a key's PEM with fewer bytes of its secret numbers than these gives nothing away. */
const TELLING_BYTES = 9;

const registered = new Set<string>();

/**
 * Registers a private key (PEM) as a secret: its secret numbers, in whatever stands around them, and the lines of its PEM in
 * each form that tools write (PKCS #8, PKCS #1, SEC1). Its public half is none: certificates hold it, too.
 */
export function registerPrivateKey(pem: string): void {
  if (registered.has(pem)) return;
  registered.add(pem);
  const key = keyIn(pem);
  const numbers = key ? secretNumbers(key) : [];
  for (const number of numbers) register({ base64: number.toString("base64") });
  for (const form of key ? formsOf(key, pem) : [pem]) {
    for (const text of secretLines(form, numbers)) register({ text, nested: true });
  }
}

/** Half a key, or one of a kind that Node does not know, is secret in all its lines. */
function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function secretNumbers(key: KeyObject): Buffer[] {
  const { d, p, q, dp, dq, qi } = key.export({ format: "jwk" });
  return [d, p, q, dp, dq, qi]
    .filter((number) => typeof number === "string")
    .map((number) => Buffer.from(number, "base64url"));
}

function formsOf(key: KeyObject, pem: string): string[] {
  const older = { rsa: "pkcs1", ec: "sec1" } as Record<string, "pkcs1" | "sec1">;
  const types = ["pkcs8", older[key.asymmetricKeyType ?? ""]].filter((type) => type !== undefined);
  return [
    pem,
    ...types.map((type) => String(key.export({ type, format: "pem" } as { type: "pkcs8"; format: "pem" }))),
  ];
}

/** The lines between BEGIN and END that hold a part of a secret number; without numbers all of them. */
function secretLines(pem: string, numbers: readonly Buffer[]): string[] {
  const lines = pem.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/=]{6,76}$/.test(line.trim()));
  const der = Buffer.from(lines.join(""), "base64");
  const spans = numbers.map((number) => [der.indexOf(number), number.length] as const);
  return lines.flatMap((line, index) => {
    const start = (index * LINE * 3) / 4;
    const end = start + (line.length * 3) / 4;
    const secret = spans.some(
      ([at, length]) => at >= 0 && Math.min(end, at + length) - Math.max(start, at) >= TELLING_BYTES,
    );
    return secret || numbers.length === 0 ? [line] : [];
  });
}
