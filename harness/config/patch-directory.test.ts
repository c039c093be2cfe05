import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkFields } from "./check-fields.ts";
import { define } from "./define.test-data.ts";
import { configNodes } from "./nodes.ts";
import { kubeletPatches } from "./patch-directory.ts";
import { KubernetesVersion } from "./version.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "patches-"));
  mkdirSync(join(directory, "own"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A worker whose patch directory is `own` in a mount of the test's directory. */
function worker() {
  const join = { kind: "JoinConfiguration", patches: { directory: "/srv/patches/own" } };
  return define({
    nodes: [
      {},
      {
        role: "worker",
        extraMounts: [{ hostPath: directory, containerPath: "/srv/patches" }],
        kubeadmConfigPatches: [JSON.stringify(join)],
      },
    ],
  });
}

test("the kubelet's patches are those of the node that names the directory, in every form", () => {
  writeFileSync(join(directory, "own/kubeletconfiguration0.yaml"), "maxPods: 9\n");
  writeFileSync(
    join(directory, "own/kubeletconfiguration1+json.json"),
    '[{"op":"add","path":"/maxPods","value":8}]',
  );
  writeFileSync(join(directory, "own/etcd.yaml"), "metadata: {}\n");
  const found = configNodes(worker().config).map((node) => kubeletPatches(worker(), node));
  expect(found).toMatchObject([[], [{ body: { maxPods: 9 } }, { operations: [{ op: "add" }] }]]);
});

test("a field that the kubelet does not have is found in its file", () => {
  writeFileSync(join(directory, "own/kubeletconfiguration.yaml"), "authorization: {mod: AlwaysAllow}\n");
  const check = () => checkFields(worker(), new KubernetesVersion("1.37.2"));
  expect(check).toThrow(
    /no field "authorization\.mod"(.|\n)*own\/kubeletconfiguration\.yaml(.|\n)*perhaps mode/,
  );
});

test("a file that kubeadm would ignore is refused", () => {
  writeFileSync(join(directory, "own/kubelet.yaml"), "maxPods: 9\n");
  expect(() => checkFields(worker(), new KubernetesVersion("1.37.2"))).toThrow(
    /would ignore(.|\n)*kubeletconfiguration\.yaml/,
  );
});
