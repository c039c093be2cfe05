import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleSecrets } from "./sample-secrets.test-data.ts";
import { redact, refuseSecrets } from "./secrets.ts";

describe("a report with a secret", () => {
  test.each(Object.entries(sampleSecrets))("is refused: %s", (_what, secret) => {
    const report = { runs: [{ claims: [{ reason: "fine" }, { reason: `it said ${secret} and went on` }] }] };
    let message = "";
    try {
      refuseSecrets(report);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("report.runs[0].claims[1].reason");
    expect(message).not.toContain(secret);
  });

  test.each([
    "-----BEGIN CERTIFICATE-----\nMIIB",
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t",
    "CN=kube-apiserver, O=system:masters, signed by CN=kubernetes",
    'aud ["https://kubernetes.default.svc"], exp 1893456000, iss kubernetes',
    "no Authorization: Bearer header was sent",
    "sha256:eyJ",
  ])("is not mistaken: %s", (text) => {
    expect(() => refuseSecrets({ text })).not.toThrow();
  });
});

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
      fc.property(random(small, 6), random(small, 15), random("0123456789abcdef", 64), (id, rest, key) => {
        const text = redact(`token: ${id}.${rest}7, certificateKey: ${key}; --certificate-key ${key}`);
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
