import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { define } from "./define.test-data.ts";
import { configInForce } from "./normalise.ts";
import { KubernetesVersion } from "./version.ts";
import { kubeDocuments } from "./yaml.ts";

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

test("text stays text where kind would read another value, and a value a value", () => {
  const text = `kind: JoinConfiguration\nnodeRegistration: {taints: [{value: "yes"}, {value: "0777"}, {value: yes}]}`;
  const { kubeadmConfigPatches = [] } = configInForce(define({ kubeadmConfigPatches: [text] }), SINCE);
  expect(kubeadmConfigPatches.flatMap(kubeDocuments)).toMatchObject([
    { nodeRegistration: { taints: [{ value: "yes" }, { value: "0777" }, { value: true }] } },
  ]);
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
