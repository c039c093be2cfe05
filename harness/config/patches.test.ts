import { describe, expect, test } from "vitest";
import { UsageError } from "../support/errors.ts";
import { define } from "./define.test-data.ts";

test("patches come in the order in which kind applies them, each with its place", () => {
  const json = { group: "kubeadm.k8s.io", version: "v1beta4", kind: "ClusterConfiguration", patch: "[]" };
  const { patches } = define({
    nodes: [
      { kubeadmConfigPatchesJSON6902: [json], kubeadmConfigPatches: ["kind: InitConfiguration"] },
      { role: "worker", kubeadmConfigPatches: ["kind: JoinConfiguration"] },
    ],
    kubeadmConfigPatchesJSON6902: [json],
    kubeadmConfigPatches: ["kind: KubeletConfiguration\n---\nkind: KubeProxyConfiguration"],
  });
  expect(patches.map(({ path, kind, node }) => [path, kind, node])).toEqual([
    ["kubeadmConfigPatches[0]", "KubeletConfiguration", undefined],
    ["kubeadmConfigPatches[0]", "KubeProxyConfiguration", undefined],
    ["kubeadmConfigPatchesJSON6902[0]", "ClusterConfiguration", undefined],
    ["nodes[0].kubeadmConfigPatches[0]", "InitConfiguration", 0],
    ["nodes[0].kubeadmConfigPatchesJSON6902[0]", "ClusterConfiguration", 0],
    ["nodes[1].kubeadmConfigPatches[0]", "JoinConfiguration", 1],
  ]);
});

test("a patch is read as kind reads it: yes without quotes is true, a date is text", () => {
  const text = 'kind: KubeletConfiguration\na: [yes, "yes", off, 0777, 1:30, 2001-01-01]';
  expect(define({ kubeadmConfigPatches: [text] }).patches).toMatchObject([
    { body: { a: [true, "yes", false, 511, "1:30", "2001-01-01"] } },
  ]);
});

describe("a patch that kind would skip, or kubeadm not read, is an error that names its place", () => {
  const patch = (text: string) => `kubeadmConfigPatches:\n- |\n  ${text.replaceAll("\n", "\n  ")}\n`;
  const json = (target: string, text = "[]") =>
    `kubeadmConfigPatchesJSON6902:\n- {${target}}\n`.replace("}", `, patch: '${text}'}`);
  const cluster = "group: kubeadm.k8s.io, version: v1beta4, kind: ClusterConfiguration";
  test.each([
    ["unknown kind", patch("kind: ClusterConfig"), "my.yaml:4:3", /did you mean ClusterConfiguration/],
    ["inherited kind", patch("kind: constructor"), "my.yaml:4:3", /unknown kind/],
    ["missing kind", patch("apiServer: {}"), "my.yaml:4:3", /no kind/],
    ["not YAML", patch("kind: ClusterConfiguration\na: b: c"), "my.yaml:6", /Nested mappings/],
    ["alias without anchor", patch("kind: *none"), "my.yaml:5", /Unresolved alias/],
    ["not an object", patch("- kind"), "my.yaml:4:3", /is not an object/],
    [
      "an old apiVersion",
      patch("kind: ClusterConfiguration\napiVersion: kubeadm.k8s.io/v1beta2"),
      "my.yaml:4:3",
      /v1beta2/,
    ],
    [
      "another's apiVersion",
      patch(`kind: KubeletConfiguration\napiVersion: kubeadm.k8s.io/v1beta4`),
      "my.yaml:4:3",
      /kubelet\.config\.k8s\.io\/v1beta1/,
    ],
    [
      "an argument without name",
      patch("kind: ClusterConfiguration\nscheduler: {extraArgs: [{nme: v}]}"),
      "my.yaml:4:3",
      /scheduler\.extraArgs: an item without a name/,
    ],
    [
      "an argument twice",
      patch(
        "kind: ClusterConfiguration\nscheduler: {extraArgs: [{name: v, value: '1'}, {name: v, value: '2'}]}",
      ),
      "my.yaml:4:3",
      /v twice/,
    ],
    [
      "arguments as text",
      patch("kind: ClusterConfiguration\nscheduler: {extraArgs: --v=4}"),
      "my.yaml:4:3",
      /neither a map nor a list/,
    ],
    [
      "an argument that is a list",
      patch("kind: ClusterConfiguration\nscheduler: {extraArgs: {v: [4]}}"),
      "my.yaml:4:3",
      /v is not text/,
    ],
    [
      "JSON patch: unknown kind",
      json("group: kubeadm.k8s.io, version: v1beta4, kind: Cluster"),
      "my.yaml:4:3",
      /unknown kind/,
    ],
    [
      "JSON patch: wrong group",
      json("group: '', version: v1beta4, kind: ClusterConfiguration"),
      "my.yaml:4:3",
      /apiVersion: \/v1beta4/,
    ],
    ["JSON patch: not YAML", json(cluster, "[a: b: c]"), "my.yaml:4:", /is not YAML/],
    ["JSON patch: no operations", json(cluster, "{op: add}"), "my.yaml:4:", /not a list of operations/],
    [
      "JSON patch: no path",
      json(cluster, "[{op: add, path: apiServer}]"),
      "my.yaml:4:",
      /not a list of operations/,
    ],
  ])("%s", (_what, text, place, words) => {
    const take = () => define(text);
    expect(take).toThrow(UsageError);
    expect(take).toThrow(words);
    expect(take).toThrow(`where:    ${place}`);
    expect(take).toThrow(/kubeadmConfigPatches(JSON6902)?\[0\]/);
  });

  test("at a node", () => {
    const text = "nodes:\n- role: worker\n  kubeadmConfigPatches:\n  - 'kind: Nothing'\n";
    const take = () => define(text);
    expect(take).toThrow("nodes[0].kubeadmConfigPatches[0]");
    expect(take).toThrow("my.yaml:6:5");
  });
});

test("a JSON patch may name a kind, and no group or version; one without operations changes nothing", () => {
  const { patches } = define({
    kubeadmConfigPatchesJSON6902: [{ kind: "KubeletConfiguration", patch: "# nothing\n" }],
  });
  expect(patches).toMatchObject([{ kind: "KubeletConfiguration", operations: [] }]);
});

test("an argument that is there twice is named, with the way to repeat it", () => {
  const patch = "kind: ClusterConfiguration\n  apiServer:\n    extraArgs:\n      audit: a\n      audit: b\n";
  const take = () => define(`kubeadmConfigPatches:\n- |\n  ${patch}`);
  expect(take).toThrow(/would lose a value(.|\n)*audit is there twice(.|\n)*apiServer\/extraArgs\/-/);
  expect(take).toThrow("where:    my.yaml:9\n");
});
