import { expect, test } from "vitest";
import { expects, literalsIn } from "./literals.ts";

test("a port that a setting decides is found, with its line and where to ask instead", () => {
  const source = 'const path = "/healthz";\nconst port = 10255;\n';
  expect(literalsIn(source)).toEqual([{ line: 2, literal: "10255", ask: "kubelet.readOnlyPort" }]);
});

test.each([
  'forbidden("list", "pods", { user: "system:anonymous" })',
  'allow(lab, rules, { kind: "Group", name: "system:unauthenticated" })',
  "tcp(vantage, { host, port: 8080 })",
  "tcp(vantage, { host, port: 10_248 })",
  "tcp(vantage, { host, port: 10256 })",
  'tlsAlert("certificate_required")',
  'where: ({ tlsMinVersion }) => tlsMinVersion === "VersionTLS13"',
])("an expectation that is spelled out is found: %s", (code) => {
  expect(literalsIn(code)).toHaveLength(1);
});

test.each([
  "// 403 would mean that the kubelet took it for system:anonymous.",
  "/** Port 8080, up to 1.19. */",
  " * Port 8080, up to 1.19.",
  "const port = await kubelet.readOnlyPort(); // 10255, say",
  'says: "The kubelet serves plaintext healthz (10248) on loopback only",',
  'says:\n  "The kubelet serves plaintext healthz (10248) on loopback only",',
  "const bytes = Array(10_000);",
  'documented: kubernetes("kube-apiserver, Options", "reference/#options-110255"),',
])("what decides nothing is not found: %s", (code) => {
  expect(literalsIn(code)).toEqual([]);
});

test("mutants and drawings expect nothing", () => {
  expect(expects("suites/general/mutants.ts")).toBe(false);
  expect(expects("suites/general/channel.ts")).toBe(false);
  expect(expects("suites/general/claims/ports.ts")).toBe(true);
  expect(expects("suites/general/plaintext.ts")).toBe(true);
});
