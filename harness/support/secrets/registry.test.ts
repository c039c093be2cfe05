import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newSecrets, redact, redactAll, register, registerSecret, secretIn } from "./registry.ts";
import { sampleSecrets } from "./sample-secrets.test-data.ts";

describe("a text with a secret", () => {
  const pem = `-----BEGIN EC PRIVATE KEY-----\n${"MHcCAQEEIB0".repeat(9)}\n-----END EC PRIVATE KEY-----\n`;
  const random = (letters: string, length: number) =>
    fc.string({ unit: fc.constantFrom(...letters), minLength: length, maxLength: length });
  const small = "abcdefghijklmnopqrstuvwxyz0123456789";

  test.each(Object.entries(sampleSecrets))("is written without it: %s", (_what, secret) => {
    expect(redact(`before ${secret} after`)).not.toContain(secret);
  });

  test("whatever was encoded before and behind a key, its base64 goes", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom("base64", "base64url"),
        (before, behind, encoding) => {
          const encoded = Buffer.from(before + pem + behind).toString(encoding);
          const key = Buffer.from("MHcCAQEEIB0".repeat(3)).toString("base64").slice(0, 20);
          const left = redact(`config: ${encoded}`);
          expect(left).toContain("[a private key in base64]");
          expect(Buffer.from(left.replace(/\[.*/, "").slice(8), "base64").toString()).not.toContain("MHcCAQ");
          expect(left).not.toContain(key);
        },
      ),
    );
  });

  test("a bootstrap token and a certificate key go", () => {
    fc.assert(
      fc.property(random(small, 6), random(small, 16), random("0123456789abcdef", 64), (id, rest, key) => {
        const text = redact(`token: ${id}.${rest}, certificateKey: ${key}; --certificate-key ${key}`);
        expect(text).not.toContain(rest);
        expect(text).not.toContain(key);
      }),
    );
  });

  test.each([
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "events.apiextensionskub and server.kubernetesdefaul",
    "kubeadm.node123456789012.default.svc",
  ])("nothing else goes: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("50 MB of log take seconds", { timeout: 30_000 }, () => {
    const line = `2026-01-01T00:00:00Z stderr F I0101 GET /api/v1/namespaces ${"QUJD".repeat(20)} eyJ\n`;
    const log = line.repeat(Math.ceil((50 * 2 ** 20) / line.length));
    expect(redact(log)).toBe(log);
  });
});

describe("a registered secret", () => {
  /** Every encoding that a log may give a text, made here without the code under test. */
  const encodings: Record<string, (text: string) => string> = {
    "as it is": (text) => text,
    base64: (text) => Buffer.from(text).toString("base64"),
    "base64 behind one byte": (text) => Buffer.from(`x${text}yz`).toString("base64"),
    "base64 behind two bytes": (text) => Buffer.from(`xx${text}yz`).toString("base64"),
    base64url: (text) => Buffer.from(`{"a":"${text}"}`).toString("base64url"),
    hex: (text) => Buffer.from(text).toString("hex"),
    HEX: (text) => Buffer.from(text).toString("hex").toUpperCase(),
    "a URL": (text) => `/path?a=${encodeURIComponent(text)}`,
    JSON: (text) => JSON.stringify({ text }),
  };

  test.each(Object.entries(encodings))("goes in every encoding: %s", (_name, encode) => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 80 }), (made) => {
        const secret = `${made}#${randomBytes(6).toString("hex")}`;
        registerSecret(secret);
        const left = redact(`before ${encode(secret)} after`);
        expect(left).toContain("[secret]");
        const decoded = [0, 1, 2, 3].map((from) =>
          Buffer.from(left.replaceAll(/\[secret\]|^before | after$/g, "").slice(from), "base64").toString(
            "latin1",
          ),
        );
        for (const text of [left, ...decoded]) expect(text).not.toContain(secret);
        expect(secretIn(`before ${encode(secret)} after`)).toBeDefined();
      }),
      { numRuns: 50 },
    );
  });

  test("a short one goes where it stands for itself, and is not cut out of words", () => {
    registerSecret("ab12cd");
    expect(redact("token-ab12cd, xab12cdx, ab12cd.")).toBe("token-[secret], xab12cdx, [secret].");
    registerSecret("five5");
    expect(redact("five5")).toBe("five5");
  });

  test("those that overlap or touch go whole", () => {
    registerSecret("overlapping-first");
    registerSecret("first-and-second");
    registerSecret("and-second-whole");
    expect(redact("x overlapping-first-and-second-whole y")).toBe("x [secret] y");
    expect(redactAll({ a: ["overlapping-first"], b: 1, c: null })).toEqual({
      a: ["[secret]"],
      b: 1,
      c: null,
    });
  });

  test("is passed on once, and known where it is registered again", () => {
    newSecrets();
    registerSecret("passed on to another process");
    expect(newSecrets()).toEqual([{ text: "passed on to another process" }]);
    expect(newSecrets()).toEqual([]);
    register({ base64: Buffer.from("some bytes of a key").toString("base64") });
    expect(redact(Buffer.from("some bytes of a key").toString("hex"))).toBe("[secret]");
  });

  test("thousands of them in 50 MB of log take seconds", { timeout: 60_000 }, () => {
    for (let made = 0; made < 2_000; made++)
      register({ text: randomBytes(48).toString("base64"), nested: true });
    const line = `2026-01-01T00:00:00Z stderr F I0101 GET /api/v1/namespaces ${randomBytes(40).toString("base64")} ok\n`;
    const log = line.repeat(Math.ceil((50 * 2 ** 20) / line.length));
    expect(redact(log)).toBe(log);
  });
});
