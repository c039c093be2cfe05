import { describe, expect, test } from "vitest";
import { registerSecret } from "../support/secrets/registry.ts";
import { sampleSecrets } from "../support/secrets/sample-secrets.test-data.ts";
import { refuseSecrets } from "./secrets.ts";

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

  test("is refused for a value that is a secret of this run, whatever its form, which is not told", () => {
    registerSecret("correct horse battery staple");
    const report = { says: Buffer.from("it is: correct horse battery staple!").toString("base64") };
    expect(() => refuseSecrets(report)).toThrow(/report\.says[\s\S]*a secret that this run made or read/);
  });
});
