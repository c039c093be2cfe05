import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { UsageError } from "../support/errors.ts";
import { define } from "./define.test-data.ts";
import { configInForce } from "./normalise.ts";
import { KubernetesVersion } from "./version.ts";

const [BEFORE, SINCE] = [new KubernetesVersion("1.35.4"), new KubernetesVersion("1.36.0")];
const [V1BETA3, V1BETA4] = ["kubeadm.k8s.io/v1beta3", "kubeadm.k8s.io/v1beta4"];

/** The merge patches that kind gets for a cluster's patches. */
function inForce(patches: (object | string)[], version: KubernetesVersion): unknown[] {
  const texts = patches.map((patch) => (typeof patch === "string" ? patch : JSON.stringify(patch)));
  const { kubeadmConfigPatches } = configInForce(define({ kubeadmConfigPatches: texts }), version);
  return (kubeadmConfigPatches ?? []).map((text) => parse(text));
}

/** The same patches in both forms. */
function bothForms(args: object, list: object): [object, object][] {
  const forms = (args: object) => [
    {
      kind: "ClusterConfiguration",
      apiServer: { certSANs: ["a"], extraArgs: args },
      etcd: { local: { extraArgs: args } },
    },
    { kind: "InitConfiguration", nodeRegistration: { kubeletExtraArgs: args, taints: [] } },
    { kind: "JoinConfiguration", nodeRegistration: { kubeletExtraArgs: args } },
  ];
  const listed = forms(list);
  return forms(args).map((map, index) => [map, listed[index] ?? {}]);
}

describe("arguments in the form of the API in force", () => {
  const pairs = bothForms({ v: "4", "client-ca-file": null }, [
    { name: "v", value: "4" },
    { name: "client-ca-file", value: null },
  ]);
  for (const [map, list] of pairs) {
    const { kind } = map as { kind: string };
    test.each([
      ["a map without apiVersion", map],
      ["a list without apiVersion", list],
      ["v1beta3", { ...map, apiVersion: V1BETA3 }],
      ["v1beta4", { ...list, apiVersion: V1BETA4 }],
    ])(`${kind} from %s`, (_form, patch) => {
      expect(inForce([patch], BEFORE)).toEqual([{ ...map, apiVersion: V1BETA3 }]);
      expect(inForce([patch], SINCE)).toEqual([{ ...list, apiVersion: V1BETA4 }]);
    });
  }

  test("there and back is the identity, whatever else a patch says", () => {
    const args = fc.dictionary(fc.string({ minLength: 1 }), fc.option(fc.string()));
    const body = fc.record({
      apiServer: fc.record({ extraArgs: args, extra: fc.json() }),
      scheduler: fc.record({ extraArgs: args }),
    });
    fc.assert(
      fc.property(body, (body) => {
        const patch = { kind: "ClusterConfiguration", ...body };
        const there = inForce([patch], SINCE) as object[];
        expect(inForce(there, BEFORE)).toEqual([{ ...patch, apiVersion: V1BETA3 }]);
      }),
      { numRuns: 50 },
    );
  });
});

test("kubelet and kube-proxy documents stay as they are, and ours come first", () => {
  const kubelet = {
    kind: "KubeletConfiguration",
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    extraArgs: { v: 1 },
  };
  const ours = { kind: "KubeletConfiguration", failCgroupV1: false };
  const definition = define({ kubeadmConfigPatches: [JSON.stringify(kubelet)] });
  const { kubeadmConfigPatches = [] } = configInForce(definition, SINCE, [ours]);
  expect(kubeadmConfigPatches.map((text) => parse(text))).toEqual([ours, kubelet]);
});

test("each document of a patch becomes a patch, empty ones none", () => {
  const text = "kind: InitConfiguration\n---\n# nothing\n---\nkind: ClusterConfiguration\nclusterName: a\n";
  expect(inForce([text], SINCE)).toEqual([
    { kind: "InitConfiguration", apiVersion: V1BETA4 },
    { kind: "ClusterConfiguration", clusterName: "a", apiVersion: V1BETA4 },
  ]);
});

test("a node keeps its own patches, and JSON patches get the version in force", () => {
  const json = (group: string, version: string, kind: string) => ({ group, version, kind, patch: "[]" });
  const { nodes, ...whole } = configInForce(
    define({
      kubeadmConfigPatchesJSON6902: [json("kubeadm.k8s.io", "v1beta3", "ClusterConfiguration")],
      nodes: [
        { role: "control-plane", kubeadmConfigPatches: ["kind: InitConfiguration"] },
        {
          role: "worker",
          kubeadmConfigPatchesJSON6902: [
            json("kubeadm.k8s.io", "v1beta4", "JoinConfiguration"),
            json("kubelet.config.k8s.io", "v1beta1", "KubeletConfiguration"),
          ],
        },
      ],
    }),
    SINCE,
  );
  expect(whole.kubeadmConfigPatches).toEqual([]);
  expect(whole.kubeadmConfigPatchesJSON6902).toEqual([
    json("kubeadm.k8s.io", "v1beta4", "ClusterConfiguration"),
  ]);
  expect(nodes?.[0]?.kubeadmConfigPatches?.map((text) => parse(text))).toEqual([
    { kind: "InitConfiguration", apiVersion: V1BETA4 },
  ]);
  expect(nodes?.[1]).toMatchObject({
    role: "worker",
    kubeadmConfigPatchesJSON6902: [{ version: "v1beta4" }, { version: "v1beta1" }],
  });
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
    ["no YAML", patch("kind: ClusterConfiguration\na: b: c"), "my.yaml:6", /Nested mappings/],
    ["alias without anchor", patch("kind: *none"), "my.yaml:5", /Unresolved alias/],
    ["no object", patch("- kind"), "my.yaml:4:3", /is not an object/],
    [
      "an old apiVersion",
      patch("kind: ClusterConfiguration\napiVersion: kubeadm.k8s.io/v1beta2"),
      "my.yaml:4:3",
      /v1beta2/,
    ],
    [
      "another's apiVersion",
      patch(`kind: KubeletConfiguration\napiVersion: ${V1BETA4}`),
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
    ["JSON patch: no YAML", json(cluster, "[a: b: c]"), "my.yaml:5", /is not YAML/],
    ["JSON patch: no operations", json(cluster, "{op: add}"), "my.yaml:4:", /not a list of operations/],
    [
      "JSON patch: no path",
      json(cluster, "[{op: add, path: apiServer}]"),
      "my.yaml:4:",
      /not a list of operations/,
    ],
  ])("%s", (_what, text, place, words) => {
    const take = () => configInForce(define(text), SINCE);
    expect(take).toThrow(UsageError);
    expect(take).toThrow(words);
    expect(take).toThrow(`where:    ${place}`);
    expect(take).toThrow(/kubeadmConfigPatches(JSON6902)?\[0\]/);
  });

  test("at a node", () => {
    const text = "nodes:\n- role: worker\n  kubeadmConfigPatches:\n  - 'kind: Nothing'\n";
    const take = () => configInForce(define(text), SINCE);
    expect(take).toThrow("nodes[0].kubeadmConfigPatches[0]");
    expect(take).toThrow("my.yaml:6:5");
  });
});
