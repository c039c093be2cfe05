import { describe, expect, test } from "vitest";
import { define } from "./define.test-data.ts";
import { type ExpectedSetting, expectedSettings } from "./expected-settings.ts";
import { configNodes } from "./nodes.ts";

/** What is asked for on the node at a place of a config. */
function settingsAt(fields: object, place = 0): ExpectedSetting[] {
  const definition = define(fields);
  return configNodes(definition.config)
    .slice(place, place + 1)
    .flatMap((node) => expectedSettings(definition, node));
}

/** What a node is asked for, by field. */
function asked(fields: object, place = 0): Record<string, unknown> {
  return Object.fromEntries(
    settingsAt(fields, place).map(({ kind, field, argument, value }) => [
      argument ? `${argument.command} --${argument.name}` : [kind, ...field].join("."),
      value,
    ]),
  );
}

const text = (patch: object) => JSON.stringify(patch);

test("recognises the arguments of every component, in both forms", () => {
  const cluster = {
    kind: "ClusterConfiguration",
    apiServer: { extraArgs: { v: 4 }, certSANs: ["a"] },
    controllerManager: { extraArgs: [{ name: "profiling", value: "false" }] },
    scheduler: { extraArgs: { "bind-address": null } },
    etcd: { local: { extraArgs: { "client-cert-auth": "false" }, dataDir: "/e" } },
  };
  const init = { kind: "InitConfiguration", nodeRegistration: { kubeletExtraArgs: { v: "2" }, name: null } };
  expect(asked({ kubeadmConfigPatches: [text(cluster), text(init)] })).toEqual({
    "kube-apiserver --v": "4",
    "ClusterConfiguration.apiServer.certSANs": ["a"],
    "kube-controller-manager --profiling": "false",
    "kube-scheduler --bind-address": null,
    "etcd --client-cert-auth": "false",
    "ClusterConfiguration.etcd.local.dataDir": "/e",
    "kubelet --v": "2",
    "InitConfiguration.nodeRegistration.name": null,
  });
});

describe("of two patches", () => {
  const kubelet = (body: object) => text({ kind: "KubeletConfiguration", ...body });
  const argument = (value: string) => ({ op: "add", path: "/apiServer/extraArgs/v", value });
  const json = (kind: string, ...operations: object[]) => ({
    group: "kubeadm.k8s.io",
    version: "v1beta3",
    kind,
    patch: text(operations),
  });

  test("the later wins, and the node's own over the cluster's", () => {
    const fields = {
      nodes: [{ kubeadmConfigPatches: [kubelet({ maxPods: 3 })] }, { role: "worker" }],
      kubeadmConfigPatches: [kubelet({ maxPods: 1, a: { b: 1 } }), kubelet({ maxPods: 2 })],
    };
    expect(asked(fields, 0)).toEqual({ "KubeletConfiguration.maxPods": 3, "KubeletConfiguration.a.b": 1 });
    expect(asked(fields, 1)).toEqual(asked(fields, 0)); // a worker takes it from the cluster
  });

  test("one on a whole takes the place of one on its part, and the other way round", () => {
    const [whole, part] = [
      kubelet({ authentication: null }),
      kubelet({ authentication: { x509: { clientCAFile: "/a" } } }),
    ];
    const [nothing, file] = [
      "KubeletConfiguration.authentication",
      "KubeletConfiguration.authentication.x509.clientCAFile",
    ];
    expect(asked({ kubeadmConfigPatches: [part, whole] })).toEqual({ [nothing]: null });
    expect(asked({ kubeadmConfigPatches: [whole, part] })).toEqual({ [file]: "/a" });
  });

  test("the JSON patch wins over the merge patch, and a node's merge patch over the cluster's JSON patch", () => {
    const merge = text({ kind: "ClusterConfiguration", apiServer: { extraArgs: { v: "1" } } });
    const cluster = { kubeadmConfigPatchesJSON6902: [json("ClusterConfiguration", argument("2"))] };
    expect(asked({ ...cluster, kubeadmConfigPatches: [merge] })).toEqual({ "kube-apiserver --v": "2" });
    expect(asked({ ...cluster, nodes: [{ kubeadmConfigPatches: [merge] }] })).toEqual({
      "kube-apiserver --v": "1",
    });
  });
});

describe("a node is asked for what kubeadm reads there", () => {
  const init = text({ kind: "InitConfiguration", patches: { directory: "/i" } });
  const join = text({ kind: "JoinConfiguration", patches: { directory: "/j" } });

  test("of the cluster's patches", () => {
    const fields = { nodes: [{}, { role: "worker" }, {}], kubeadmConfigPatches: [init, join] };
    expect(asked(fields, 0)).toEqual({ "InitConfiguration.patches.directory": "/i" });
    expect(asked(fields, 1)).toEqual({ "JoinConfiguration.patches.directory": "/j" });
    expect(asked(fields, 2)).toEqual({ "JoinConfiguration.patches.directory": "/j" });
  });

  const cluster = text({ kind: "ClusterConfiguration", apiServer: { extraArgs: { v: "1" } } });
  test.each([
    [init, true],
    [cluster, true],
    [join, false],
  ])("and its own may not be others: %s, joins: %s", (patch, joins) => {
    const own = { kubeadmConfigPatches: [patch] };
    const fields = (joins: boolean) => ({ nodes: joins ? [{}, own] : [own, {}] });
    expect(asked(fields(!joins), joins ? 0 : 1)).not.toEqual({});
    expect(() => define(fields(joins))).toThrow(
      /never be read(.|\n)*my\.yaml:3:(.|\n)*nodes\[\d\]\.kubeadmConfigPatches\[0\]/,
    );
  });
});

describe("a JSON patch asks", () => {
  /** What the operations ask for, after a merge patch has asked for an argument and a list. */
  const after = (...operations: object[]) => {
    const merge = { kind: "ClusterConfiguration", apiServer: { extraArgs: { v: "1" }, certSANs: ["a"] } };
    const target = { group: "kubeadm.k8s.io", version: "v1beta4", kind: "ClusterConfiguration" };
    return asked({
      kubeadmConfigPatches: [text(merge)],
      kubeadmConfigPatchesJSON6902: [{ ...target, patch: text(operations) }],
    });
  };
  const [v, sans] = ["kube-apiserver --v", "ClusterConfiguration.apiServer.certSANs"];
  const before = { [v]: "1", [sans]: ["a"] };
  const op = (op: string, path: string, value?: unknown) => ({
    op,
    path: `/apiServer${path && "/"}${path}`,
    value,
  });

  test.each([
    ["an argument by its name", op("add", "extraArgs/v", 2), { ...before, [v]: "2" }],
    [
      "an argument as a new item",
      op("add", "extraArgs/-", { name: "v", value: "2" }),
      { ...before, [v]: "2" },
    ],
    [
      "an argument as first item",
      op("add", "extraArgs/0", { name: "a", value: "b" }),
      { ...before, "kube-apiserver --a": "b" },
    ],
    ["to remove an argument", op("remove", "extraArgs/v"), { ...before, [v]: null }],
    [
      "all arguments",
      op("replace", "extraArgs", [{ name: "a", value: "b" }]),
      { [sans]: ["a"], "kube-apiserver --a": "b" },
    ],
    ["a whole component", op("add", "", { extraArgs: { a: "b" } }), { "kube-apiserver --a": "b" }],
    [
      "a field",
      op("add", "timeoutForControlPlane", "5m"),
      { ...before, "ClusterConfiguration.apiServer.timeoutForControlPlane": "5m" },
    ],
    [
      "the parts of an object",
      op("add", "x~1y", { z: 1 }),
      { ...before, "ClusterConfiguration.apiServer.x/y.z": 1 },
    ],
    ["an item beside the others", op("add", "certSANs/-", "b"), { ...before, [sans]: ["b"] }],
  ])("for %s", (_what, operation, wanted) => {
    expect(after(operation)).toEqual(wanted);
  });

  test.each([
    ["a replaced item", op("replace", "certSANs/0", "b"), { [v]: "1" }],
    ["an item's inside", op("replace", "extraArgs/0/value", "b"), { [sans]: ["a"] }],
    ["a removed argument of an unknown name", op("remove", "extraArgs/0"), { [sans]: ["a"] }],
    ["a removed setting", op("remove", "certSANs"), { [v]: "1" }],
    ["a copied argument", { op: "copy", from: "/x", path: "/apiServer/extraArgs/v" }, { [sans]: ["a"] }],
    ["what was moved away", { op: "move", from: "/apiServer/certSANs", path: "/x" }, { [v]: "1" }],
    ["a test", op("test", "extraArgs/v", "1"), before],
  ])("for nothing that could be read back: %s", (_what, operation, wanted) => {
    expect(after(operation)).toEqual(wanted);
  });

  test("for each of several items", () => {
    const patch = text([
      { op: "add", path: "/apiServer/certSANs/-", value: "a" },
      { op: "add", path: "/apiServer/certSANs/-", value: "b" },
    ]);
    const target = { group: "kubeadm.k8s.io", version: "v1beta4", kind: "ClusterConfiguration" };
    const wanted = settingsAt({ kubeadmConfigPatchesJSON6902: [{ ...target, patch }] });
    expect(wanted.map(({ path, value }) => [path, value])).toEqual([
      ["kubeadmConfigPatchesJSON6902[0].patch[0] ClusterConfiguration.apiServer.certSANs", ["a"]],
      ["kubeadmConfigPatchesJSON6902[0].patch[1] ClusterConfiguration.apiServer.certSANs", ["b"]],
    ]);
  });
});
