import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Json, pointer, valueAt } from "./json.ts";
import { applyMergePatch, applyOperation } from "./merge.ts";
import { body, document, field, list, map, scalar } from "./patches.test-data.ts";

const V1BETA3 = { kind: "ClusterConfiguration", apiVersion: "kubeadm.k8s.io/v1beta3" };
const V1BETA4 = { kind: "ClusterConfiguration", apiVersion: "kubeadm.k8s.io/v1beta4" };

describe("a merge patch", () => {
  test("changes nothing the second time", () => {
    fc.assert(
      fc.property(document, body, (document, body) => {
        const once = applyMergePatch(document, body);
        expect(applyMergePatch(once, body)).toEqual(once);
      }),
    );
  });

  test("leaves the document that it was given as it is", () => {
    fc.assert(
      fc.property(document, body, (document, body) => {
        const before = structuredClone(document);
        applyMergePatch(document, body);
        expect(document).toEqual(before);
      }),
    );
  });

  test("wins over an earlier one of the same field, and null removes it", () => {
    fc.assert(
      fc.property(document, field, scalar, scalar, (document, field, earlier, later) => {
        const patched = (value: unknown, before: Json) =>
          applyMergePatch(before, { networking: { [field]: value } });
        const both = patched(later, patched(earlier, document));
        expect(valueAt(both, ["networking", field])).toEqual(later);
        expect(valueAt(patched(null, both), ["networking", field])).toBeUndefined();
      }),
    );
  });

  test("adds SANs, and cannot remove one", () => {
    const there = { ...V1BETA4, apiServer: { certSANs: ["localhost", "a"] } };
    const sans = (certSANs: unknown) => applyMergePatch(there, { apiServer: { certSANs } });
    expect(sans(["a", "b"])).toEqual({ ...V1BETA4, apiServer: { certSANs: ["localhost", "a", "b"] } });
    expect([sans(null), sans([])]).toEqual([there, there]);
  });

  test("replaces every other list", () => {
    const there = { ...V1BETA4, nodeRegistration: { taints: [1, 2] } };
    expect(applyMergePatch(there, { nodeRegistration: { taints: [3] } })).toEqual({
      ...V1BETA4,
      nodeRegistration: { taints: [3] },
    });
  });

  test("keeps a field whose name is __proto__ a field", () => {
    const patch = JSON.parse('{"__proto__": {"a": 1}}');
    expect(JSON.stringify(applyMergePatch({ a: 1 }, patch))).toBe('{"a":1,"__proto__":{"a":1}}');
  });
});

describe("arguments", () => {
  test("of v1beta4 are merged by name, each once, and null removes", () => {
    fc.assert(
      fc.property(map, map, (there, asked) => {
        const before = {
          ...V1BETA4,
          scheduler: { extraArgs: list(there).filter(({ value }) => value !== null) },
        };
        const after = applyMergePatch(before, { scheduler: { extraArgs: list(asked) } });
        const wanted = { ...there, ...asked };
        const kept = Object.keys(wanted).filter((name) => wanted[name] !== null);
        const found = (valueAt(after, ["scheduler", "extraArgs"]) ?? []) as { name: string; value: string }[];
        expect(Object.fromEntries(found.map(({ name, value }) => [name, value]))).toEqual(
          Object.fromEntries(kept.map((name) => [name, wanted[name]])),
        );
        expect(found).toHaveLength(kept.length);
      }),
    );
  });

  test("of v1beta3 are a map, and null removes", () => {
    const before = { ...V1BETA3, scheduler: { extraArgs: { v: "1", profiling: "true" } } };
    expect(
      applyMergePatch(before, { scheduler: { extraArgs: { v: "2", profiling: null, a: "b" } } }),
    ).toEqual({
      ...V1BETA3,
      scheduler: { extraArgs: { v: "2", a: "b" } },
    });
  });
});

describe("an operation of a JSON patch", () => {
  const there = { a: { b: 1, "c/d": 2 }, list: ["x", "y"] };

  test.each([
    [
      { op: "add", path: "/a/b", value: 2 },
      { ...there, a: { ...there.a, b: 2 } },
    ],
    [
      { op: "add", path: "/n", value: { m: null } },
      { ...there, n: { m: null } },
    ],
    [
      { op: "add", path: "/list/-", value: "z" },
      { ...there, list: ["x", "y", "z"] },
    ],
    [
      { op: "add", path: "/list/1", value: "z" },
      { ...there, list: ["x", "z", "y"] },
    ],
    [
      { op: "add", path: "/n" },
      { ...there, n: null },
    ],
    [
      { op: "remove", path: "/a/c~1d" },
      { ...there, a: { b: 1 } },
    ],
    [
      { op: "remove", path: "/list/0" },
      { ...there, list: ["y"] },
    ],
    [
      { op: "replace", path: "/list/1", value: { z: 1 } },
      { ...there, list: ["x", { z: 1 }] },
    ],
    [
      { op: "move", from: "/a/b", path: "/b" },
      { a: { "c/d": 2 }, list: there.list, b: 1 },
    ],
    [
      { op: "copy", from: "/list/0", path: "/list/-" },
      { ...there, list: ["x", "y", "x"] },
    ],
    [{ op: "test", path: "/a", value: { "c/d": 2, b: 1 } }, there],
  ])("%j", (operation, after) => {
    expect(applyOperation(there, operation)).toEqual(after);
  });

  test.each([
    [{ op: "add", path: "/x/y", value: 1 }],
    [{ op: "add", path: "/list/3", value: 1 }],
    [{ op: "add", path: "/list/x", value: 1 }],
    [{ op: "add", path: "/a/b/c", value: 1 }],
    [{ op: "remove", path: "/x" }],
    [{ op: "remove", path: "/list/2" }],
    [{ op: "replace", path: "/x", value: 1 }],
    [{ op: "replace", path: "/list/-", value: 1 }],
    [{ op: "move", from: "/x", path: "/y" }],
    [{ op: "test", path: "/a/b", value: 2 }],
    [{ op: "ad", path: "/a/b", value: 2 }],
  ])("%j fails, as kind does", (operation) => {
    expect(() => applyOperation(there, operation)).toThrow();
  });

  test("adds what can be read back, and its removal is the way back", () => {
    fc.assert(
      fc.property(document, fc.string(), scalar, (document, key, value) => {
        fc.pre(!(key in document));
        const path = pointer([key]);
        const added = applyOperation(document, { op: "add", path, value });
        expect(valueAt(added, [key])).toEqual(value);
        expect(applyOperation(added, { op: "remove", path })).toEqual(document);
      }),
    );
  });
});
