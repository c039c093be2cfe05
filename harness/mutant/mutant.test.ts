import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ClaimResult, ControlResult } from "../results/schema.ts";
import { judgeMutant, kindFile, targetsOf } from "./mutant.ts";

const [A, B, C] = ["etcd/a", "etcd/b", "etcd/c"];

/** What a negative control saw. */
const control = (name: string, ok: boolean, kind: ControlResult["kind"] = "negative") =>
  ({ name, kind, ok, observed: { kind: ok ? "refused" : "accepted" } }) as ControlResult;

const saw = (
  id: string,
  verdict: "holds" | "broken" | "inconclusive",
  { asExpected = verdict === "holds", controls = [control("the wrong one", verdict === "holds")] } = {},
) => ({ id, verdict, asExpected, controls }) as ClaimResult;

describe("a mutant", () => {
  const sound = [saw(A, "holds"), saw(B, "holds")];
  const positive = [control("the right one", false, "positive"), control("the wrong one", true)];
  const judge = (breaks: string[], during: ClaimResult[], before = sound, after = sound) =>
    judgeMutant(
      { id: "m", does: "it", breaks, live: async () => async () => {} },
      { before, during, after },
      12.6,
    );

  test("is killed when each claim that it names turned red; others that did are collateral", () => {
    expect(judge([A, B], [saw(A, "broken"), saw(B, "broken"), saw(C, "broken")])).toEqual({
      id: "m",
      kind: "live",
      breaks: [A, B],
      killedBy: [A, B],
      kills: [A, B].map((claim) => ({ claim, control: "the wrong one" })),
      before: [A, B],
      after: [A, B],
      survived: false,
      equivalent: false,
      collateral: [C],
      ms: 13,
    });
  });

  test("is killed by the controls that it names, and by no other", () => {
    const controls = [control("x", false), control("y", true)];
    const during = [saw(A, "broken", { controls })];
    expect(judge([`${A}: x`], during)).toMatchObject({ breaks: [A], killedBy: [A], survived: false });
    expect(judge([`${A}: y`], during).survived).toBe(true);
    expect(judge([`${A}: x`, `${A}: y`], during).survived).toBe(true);
  });

  test("is killed by an observation or a positive control that it names, and by none that it does not", () => {
    const controls = [control("o", false, "observation"), control("x", true)];
    const during = [saw(A, "broken", { controls })];
    expect(judge([`${A}: o`], during)).toMatchObject({ killedBy: [A], kills: [] });
    expect(judge([A], during).survived).toBe(true);
    const right = [saw(A, "broken", { controls: positive })];
    expect(judge([`${A}: the right one`], right)).toMatchObject({ killedBy: [A], kills: [] });
  });

  test("of several nodes is killed by a control's name on any of them", () => {
    const controls = [{ ...control("x, on b", false), instance: { of: "x", nodes: ["b"] } }];
    expect(judge([`${A}: x`], [saw(A, "broken", { controls })]).kills).toEqual([{ claim: A, control: "x" }]);
  });

  test.each<[string, string[], ClaimResult[]]>([
    ["holds", [A], [saw(A, "holds")]],
    ["is inconclusive", [A], [saw(A, "inconclusive", { controls: [] })]],
    ["is broken by a positive control only", [A], [saw(A, "broken", { controls: positive })]],
    ["is not among the results", [A], []],
    ["is one of two", [A, B], [saw(A, "broken"), saw(B, "holds")]],
    ["was never named", [], [saw(A, "broken")]],
  ])("survives a claim that %s", (_what, breaks, during) => {
    expect(judge(breaks, during).survived).toBe(true);
  });

  test("survives a claim that did not hold before it, or does not hold after it", () => {
    const unsound = [saw(A, "broken")];
    expect(judge([A], unsound, unsound)).toMatchObject({ before: [], survived: true, kills: [] });
    expect(judge([A], unsound, sound, unsound)).toMatchObject({ after: [], survived: true });
  });

  test("names controls behind a claim's id", () => {
    expect(targetsOf({ breaks: [A, `${B}: a word: and another`, `${B}: x`] })).toEqual(
      new Map([
        [A, []],
        [B, ["a word: and another", "x"]],
      ]),
    );
  });
});

describe("an equivalent mutant", () => {
  const judge = (breaks: string[], ...during: ClaimResult[]) =>
    judgeMutant(
      { id: "m", does: "it", breaks, equivalent: "why", patch: "" },
      { before: [], during, after: undefined },
      1,
    );

  test("is proved by named claims that still hold", () => {
    const proved = { breaks: [], killedBy: [], survived: false, equivalent: true, collateral: [] };
    const exposed = saw(C, "broken", { asExpected: true });
    expect(judge([A, B], saw(A, "holds"), saw(B, "holds"), exposed)).toMatchObject(proved);
  });

  test.each<[string, string[], ClaimResult[], string[]]>([
    ["breaks what it names", [A], [saw(A, "broken")], [A]],
    ["breaks something else", [A], [saw(A, "holds"), saw(B, "broken")], [B]],
    ["leaves open what it names", [A], [saw(A, "inconclusive")], []],
    ["was not looked at", [A], [], []],
    ["names nothing", [], [saw(A, "holds")], []],
  ])("is not proved when it %s", (_what, breaks, during, collateral) => {
    expect(judge(breaks, ...during)).toMatchObject({ survived: true, equivalent: false, collateral });
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
