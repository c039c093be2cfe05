import { expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import { Node } from "../node/node.ts";
import { signsFor } from "./controller-manager.ts";
import type { RunScope } from "./run-scope.ts";

/** A cluster whose one controller manager was started with these arguments. */
function clusterWith(...args: string[]): Cluster {
  const records = ["kube-controller-manager", ...args].map((text) => `/proc/7/cmdline:${text}\0`);
  const transport = {
    exec: async () => ({ exitCode: 0, stdout: records.join(""), stderr: "" }),
    stream: () => {
      throw new Error("not here");
    },
  };
  const node = new Node({ name: "a", role: "control-plane", addresses: [] }, transport);
  return { controlPlanes: [node] } as unknown as Cluster;
}

/** It is read off the processes alone. */
const noScope = {} as RunScope;

test.each([
  ["one pair for all", ["--cluster-signing-cert-file=/ca.crt"]],
  // No signer at all is a function that is missing, and no hardening: claims must see it.
  ["no pair at all", ["--cluster-signing-cert-file="]],
  ["a pair of its own", ["--cluster-signing-kube-apiserver-client-cert-file=/users.crt"]],
])("a controller manager with %s is expected to sign for users", async (_, args) => {
  expect(await signsFor("kube-apiserver-client").met(clusterWith(...args), noScope)).toBe(true);
});

test("a controller manager with pairs for other signers does not sign for users", async () => {
  const cluster = clusterWith(
    "--cluster-signing-cert-file=",
    "--cluster-signing-kubelet-client-cert-file=/ca.crt",
  );
  expect(await signsFor("kube-apiserver-client").met(cluster, noScope)).toBe(false);
  expect(await signsFor("kubelet-client").met(cluster, noScope)).toBe(true);
});
