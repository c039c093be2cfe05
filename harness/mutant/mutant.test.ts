import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { judgeMutant, kindFile } from "./mutant.ts";

const [A, B, C] = ["etcd/a", "etcd/b", "etcd/c"];
const saw = (id: string, verdict: "holds" | "broken" | "inconclusive", asExpected = verdict === "holds") => ({
  id,
  verdict,
  asExpected,
});

describe("a mutant", () => {
  const judge = (breaks: string[], ...results: ReturnType<typeof saw>[]) =>
    judgeMutant({ id: "m", does: "it", breaks, live: async () => async () => {} }, results, 12.6);

  test("is killed when each claim that it names turned red; others that did are collateral", () => {
    expect(judge([A, B], saw(A, "broken"), saw(B, "broken"), saw(C, "broken"))).toEqual({
      id: "m",
      kind: "live",
      breaks: [A, B],
      killedBy: [A, B],
      survived: false,
      equivalent: false,
      collateral: [C],
      ms: 13,
    });
  });

  test.each([
    ["holds", [A], [saw(A, "holds")]],
    ["is inconclusive", [A], [saw(A, "inconclusive")]],
    ["was broken before", [A], [saw(A, "broken", true)]],
    ["is not among the results", [A], []],
    ["is one of two", [A, B], [saw(A, "broken"), saw(B, "holds")]],
    ["was never named", [], [saw(A, "broken")]],
  ])("survives a claim that %s", (_what, breaks, results) => {
    expect(judge(breaks, ...results).survived).toBe(true);
  });
});

describe("an equivalent mutant", () => {
  const judge = (breaks: string[], ...results: ReturnType<typeof saw>[]) =>
    judgeMutant({ id: "m", does: "it", breaks, equivalent: "why", patch: "" }, results, 1);

  test("is proved by named claims that still hold", () => {
    const proved = { breaks: [], killedBy: [], survived: false, equivalent: true, collateral: [] };
    expect(judge([A, B], saw(A, "holds"), saw(B, "holds"), saw(C, "broken", true))).toMatchObject(proved);
  });

  test.each([
    ["breaks what it names", [A], [saw(A, "broken")], [A]],
    ["breaks something else", [A], [saw(A, "holds"), saw(B, "broken")], [B]],
    ["leaves open what it names", [A], [saw(A, "inconclusive")], []],
    ["was not looked at", [A], [], []],
    ["names nothing", [], [saw(A, "holds")], []],
  ])("is not proved when it %s", (_what, breaks, results, collateral) => {
    expect(judge(breaks, ...results)).toMatchObject({ survived: true, equivalent: false, collateral });
  });
});

describe("the kind file of a boot mutant", () => {
  const patch = `
    kind: ClusterConfiguration
    apiServer:
      extraArgs:
        authorization-mode: "AlwaysAllow"
  `;
  const mutant = { id: "m", does: "lets everybody in", breaks: [A], patch };

  test("is one control plane with the patch, and says what it sabotages", () => {
    expect(kindFile(mutant)).toBe(`# planeproof mutant m: lets everybody in.
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
kubeadmConfigPatches:
  - |
    kind: ClusterConfiguration
    apiServer:
      extraArgs:
        authorization-mode: "AlwaysAllow"
`);
  });

  test("has the control planes that it takes, and says which version it takes", () => {
    const text = kindFile({ ...mutant, controlPlanes: 3, kubernetes: "1.32" });
    expect(text).toContain("# Boot it as Kubernetes 1.32.\n");
    expect(parse(text).nodes).toEqual(Array(3).fill({ role: "control-plane" }));
  });
});
