import { describe, expect, test } from "vitest";
import { UsageError } from "../support/errors.ts";
import { checkFields } from "./check-fields.ts";
import { define } from "./define.test-data.ts";
import { fieldsOfKinds, kubeletArgument } from "./fields.ts";
import { KubernetesVersion } from "./version.ts";

const check = (patch: object | string, version = "1.37.2") => {
  const text = typeof patch === "string" ? patch : JSON.stringify(patch);
  return () => checkFields(define({ kubeadmConfigPatches: [text] }), new KubernetesVersion(version));
};
const checkJson = (kind: string, operation: object, version = "1.37.2") => {
  const patch = JSON.stringify([operation]);
  return () =>
    checkFields(define({ kubeadmConfigPatchesJSON6902: [{ kind, patch }] }), new KubernetesVersion(version));
};

describe("a field that is not there is refused, with the nearest name or its right place", () => {
  test.each([
    [
      "a typing error",
      { kind: "KubeletConfiguration", authentication: { anonymus: { enabled: false } } },
      /no field "authentication\.anonymus"(.|\n)*perhaps anonymous/,
    ],
    [
      "out of its place",
      { kind: "InitConfiguration", taints: [] },
      /no field "taints"(.|\n)*taints below nodeRegistration/,
    ],
    [
      "too deep",
      { kind: "JoinConfiguration", nodeRegistration: { patches: { directory: "/p" } } },
      /no field "nodeRegistration\.patches"(.|\n)*patches at the top of JoinConfiguration/,
    ],
    ["of another kind", { kind: "ClusterConfiguration", maxPods: 1 }, /maxPods in a patch of kind Kubelet/],
    [
      "an argument beside extraArgs",
      { kind: "ClusterConfiguration", apiServer: { "audit-log-path": "-" } },
      /no field "apiServer\.audit-log-path"(.|\n)*extraArgs/,
    ],
    [
      "in an item of a list",
      { kind: "ClusterConfiguration", apiServer: { extraVolumes: [{ hostpath: "/a" }] } },
      /no field "apiServer\.extraVolumes\[\]\.hostpath"(.|\n)*hostPath/,
    ],
    [
      "in other letters",
      { kind: "KubeProxyConfiguration", iptables: { MasqueradeAll: true } },
      /masqueradeAll/,
    ],
    [
      "of the kubeadm API before",
      { kind: "ClusterConfiguration", apiServer: { timeoutForControlPlane: "5m" } },
      /no field(.|\n)*kubeadm\.k8s\.io\/v1beta4 has/,
    ],
  ])("%s", (_what, patch, words) => {
    expect(check(patch)).toThrow(UsageError);
    expect(check(patch)).toThrow(words);
    expect(check(patch)).toThrow("where:    my.yaml:3:");
  });

  test("where a version does not have it yet", () => {
    const patch = { kind: "KubeletConfiguration", crashLoopBackOff: { maxContainerRestartPeriod: "1m" } };
    expect(check(patch)).not.toThrow();
    expect(check(patch, "1.30.4")).toThrow(/no field "crashLoopBackOff"(.|\n)*Kubernetes 1\.32 or later/);
    expect(check({ kind: "KubeletConfiguration", failCgroupV1: false }, "1.30.4")).not.toThrow();
  });
});

test.each([
  [{ kind: "KubeletConfiguration", authentication: { anonymous: { enabled: "false" } } }, "true or false"],
  [{ kind: "KubeletConfiguration", maxPods: "30" }, "a number"],
  [{ kind: "ClusterConfiguration", clusterName: 7 }, "text"],
  [{ kind: "InitConfiguration", nodeRegistration: { taints: { key: "a" } } }, "a list"],
  [{ kind: "ClusterConfiguration", etcd: { local: "/var/lib" } }, "an object"],
])("a value of another type is refused: %j", (patch, words) => {
  expect(check(patch)).toThrow(`expected: ${words}`);
});

describe("a JSON patch", () => {
  const item = { name: "v", value: "4" };
  test.each([
    ["add", "/apiServer/extraArgs/-", item, "1.37.2"],
    ["replace", "/apiServer/extraArgs/0/value", "4", "1.37.2"],
    ["add", "/apiServer/extraArgs/v", "4", "1.35.0"],
    ["add", "/apiServer/certSANs/-", "a", "1.35.0"],
  ])("%s %s fits", (op, path, value, version) => {
    expect(checkJson("ClusterConfiguration", { op, path, value }, version)).not.toThrow();
  });

  test.each([
    ["/apiServer/extraArgs/v", "4", "1.37.2", /place in a list(.|\n)*v1beta4(.|\n)*the pointer/],
    ["/apiServer/extraArgs/-", item, "1.35.0", /argument's name, as in a map of kubeadm.k8s.io\/v1beta3/],
    ["/apiServer/extraArg/-", item, "1.37.2", /no field "apiServer.extraArg"/],
    ["/apiServer/extraArgs/-", { nme: "v" }, "1.37.2", /no field "apiServer.extraArgs\[\].nme"/],
  ])("%s with %j does not fit %s", (path, value, version, words) => {
    expect(checkJson("ClusterConfiguration", { op: "add", path, value }, version)).toThrow(words);
  });
});

test("arguments may be in either form, and the values may be what YAML makes of them", () => {
  for (const version of ["1.30.4", "1.37.2"]) {
    expect(
      check("kind: ClusterConfiguration\nscheduler: {extraArgs: {v: 4, a: true}}", version),
    ).not.toThrow();
    expect(
      check("kind: ClusterConfiguration\nscheduler: {extraArgs: [{name: v, value: 4}]}", version),
    ).not.toThrow();
  }
});

test("a bootstrap token is text, which Go reads into two fields", () => {
  for (const version of ["1.30.4", "1.37.2"])
    expect(
      check("kind: InitConfiguration\nbootstrapTokens: [{token: abcdef.0123456789abcdef}]", version),
    ).not.toThrow();
});

test("every kind has fields at every minor, and the kubelet's arguments name fields of its configuration", () => {
  for (const minor of [29, 30, 33, 35, 36, 37, 38]) {
    expect([...fieldsOfKinds(minor)].map(([kind, fields]) => [kind, fields.size > 30])).toEqual([
      ["ClusterConfiguration", true],
      ["InitConfiguration", true],
      ["JoinConfiguration", true],
      ["KubeletConfiguration", true],
      ["KubeProxyConfiguration", true],
    ]);
  }
  expect(kubeletArgument(["authentication", "anonymous", "enabled"])).toBe("anonymous-auth");
  expect(kubeletArgument(["clusterName"])).toBeUndefined();
});
