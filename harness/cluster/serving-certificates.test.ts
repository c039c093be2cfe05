import { expect, test } from "vitest";
import { openRequestsOf, requestsCertificate, type SigningRequest } from "./serving-certificates.ts";

const request = (name: string, username: string, signer = "kubelet-serving"): SigningRequest => ({
  metadata: { name },
  spec: { signerName: `kubernetes.io/${signer}`, username },
});

test("every open request of the node's own kubelet for a serving certificate, and no other", () => {
  const requests = [
    request("first", "system:node:a"),
    { ...request("second", "system:node:a"), status: {} },
    { ...request("approved", "system:node:a"), status: { conditions: [{ type: "Approved" }] } },
    { ...request("denied", "system:node:a"), status: { conditions: [{ type: "Denied" }] } },
    request("another node's", "system:node:ab"),
    request("a user's", "kubernetes-admin"),
    request("for a client", "system:node:a", "kube-apiserver-client-kubelet"),
  ];
  expect(openRequestsOf("a", requests)).toEqual(["first", "second"]);
  expect(openRequestsOf("b", requests)).toEqual([]);
});

test.each([
  ["by its argument", "true", [], true],
  ["by its argument, whatever the file says", "false", ["serverTLSBootstrap: true"], false],
  ["by its file", undefined, ["serverTLSBootstrap: true"], true],
  [
    "by the last file that speaks of it",
    undefined,
    ["serverTLSBootstrap: true", "serverTLSBootstrap: false", "a: 1"],
    false,
  ],
  ["by none", undefined, ["", "a: 1"], false],
])("a kubelet requests a serving certificate %s", (_how, argument, files, asks) => {
  expect(requestsCertificate(argument, files)).toBe(asks);
});
