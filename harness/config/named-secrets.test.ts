import { expect, test } from "vitest";
import { redact } from "../support/secrets/registry.ts";
import { isSecretName, registerNamedSecrets } from "./named-secrets.ts";

test.each<[string, string]>([
  ["kubeadmConfigPatches:\n- |\n  certificateKey: VALUE\n", "5e2b7a1c9d"],
  ['bootstrapTokens:\n- token: "VALUE"\n', "qwerty.asdfghjklzxcvbnm"],
  ["discovery: {bootstrapToken: {token: 'VALUE'}}", "abcabc.defdefdefdefdefd"],
  ['[{"op": "add", "path": "/certificateKey", "value": "VALUE"}]', "77aa88bb99cc"],
  ["- op: add\n  path: /discovery/bootstrapToken/token\n  value: VALUE\n", "poiuyt.lkjhgfdsamnbvcxz"],
  ["extraEnvs:\n- name: REGISTRY_PASSWORD\n  value: VALUE\n", "swordfish9"],
  ['containerdConfigPatches:\n- |-\n  password = "VALUE"\n', "hunter2hunter2"],
  ['  auth = "VALUE"\n', "dXNlcjpwYXNzd29yZA=="],
  ["extraArgs: {oidc-client-secret: VALUE}", "s3cr3t-of-oidc"],
])("a value that is a secret by its name is redacted: %s", (config, value) => {
  registerNamedSecrets(config.replace("VALUE", value));
  expect(redact(`asked: ${value}`)).toBe("asked: [secret]");
  for (const half of value.split(".")) expect(redact(`half ${half} of it`)).not.toContain(half);
});

test("paths, switches, numbers and comments are not secrets", () => {
  registerNamedSecrets(`
    # the token: whatever-you-like
    token-auth-file: /etc/kubernetes/tokens.csv
    service-account-signing-key: /etc/kubernetes/pki/sa.key
    enable-bootstrap-token-auth: "true"
    anonymous-auth: anonymously
    tokenTTL: 24h0m0s
    secretName: planeproofs-own
  `);
  const text =
    "whatever-you-like /etc/kubernetes/tokens.csv /etc/kubernetes/pki/sa.key anonymously 24h0m0s planeproofs-own";
  expect(redact(text)).toBe(text);
});

test("a field's name says whether it is one", () => {
  expect(isSecretName("kubeadmConfigPatches[0] InitConfiguration.certificateKey")).toBe(true);
  expect(
    isSecretName("kubeadmConfigPatches[0] ClusterConfiguration.apiServer.extraArgs.oidc-client-secret"),
  ).toBe(true);
  expect(
    isSecretName("kubeadmConfigPatches[0] ClusterConfiguration.apiServer.extraArgs.token-auth-file"),
  ).toBe(false);
});
