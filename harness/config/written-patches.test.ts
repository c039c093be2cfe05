import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentPairs } from "./arguments.ts";
import { define } from "./define.test-data.ts";
import { differences } from "./differences.ts";
import { expectedSettings } from "./expected-settings.ts";
import { type Json, valueAt } from "./json.ts";
import { configNodes } from "./nodes.ts";
import { anyDocument, body, operation, writtenBy } from "./patches.test-data.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";
import { argumentMatches, isZero, listHolds, settingMatches } from "./setting-matches.ts";
import { unwritten } from "./written-patches.ts";

const KIND = "ClusterConfiguration";

function patchOf(part: { body: Json } | { operations: Operation[] }, index: number): KubeadmPatch {
  return { path: `patches[${index}]`, where: "my.yaml", node: undefined, kind: KIND, ...part };
}

const patches = fc
  .array(
    fc.oneof(
      body.map((body) => ({ body })),
      fc.array(operation, { maxLength: 4 }).map((operations) => ({ operations })),
    ),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.map(patchOf));

/** The patches without the operations at which kind would fail. */
function fitting(document: Json, patches: KubeadmPatch[]): KubeadmPatch[] {
  const fit: KubeadmPatch[] = [];
  for (const patch of patches) {
    if ("body" in patch) fit.push(patch);
    for (const operation of "operations" in patch ? patch.operations : []) {
      const single = { ...patch, operations: [operation] };
      try {
        writtenBy(document, [...fit, single]);
        fit.push(single);
      } catch {
        // kind would fail, too
      }
    }
  }
  return fit;
}

test("in what kind writes, nothing is missing", () => {
  fc.assert(
    fc.property(anyDocument, patches, (document, patches) => {
      const fit = fitting(document, patches);
      expect(unwritten([writtenBy(document, fit)], fit)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("a merge patch that was not applied is missing, unless it makes no difference", () => {
  const bodies = fc.array(body, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(anyDocument, bodies, fc.nat(3), (document, bodies, left) => {
      fc.pre(left < bodies.length);
      const all = bodies.map((body, index) => patchOf({ body }, index));
      const others = all.filter((_, index) => index !== left);
      const [written, right] = [writtenBy(document, others), writtenBy(document, all)];
      const missing = unwritten([written], all);
      expect(missing.length > 0).toBe(differences(written, right).length > 0);
      for (const { path } of missing) expect(Number(/\d/.exec(path)?.[0])).toBeGreaterThanOrEqual(left);
    }),
  );
});

test("every expected setting is in the merged document", () => {
  fc.assert(
    fc.property(anyDocument, body, body, body, (document, ...bodies) => {
      const [first, second, own] = bodies.map((body) => JSON.stringify({ kind: KIND, ...body }));
      const definition = define({
        kubeadmConfigPatches: [first, second],
        nodes: [{ kubeadmConfigPatches: [own] }],
      });
      const merged = writtenBy(document, definition.patches);
      for (const { field, argument, value } of configNodes(definition.config).flatMap((node) =>
        expectedSettings(definition, node),
      )) {
        const found = argument
          ? argumentIn(valueAt(merged, field.slice(0, -1)), argument.name)
          : valueAt(merged, field);
        const matches = argument
          ? argumentMatches(found === undefined ? [] : [String(found)], value)
          : holds(field, found, value);
        expect({ field, found, value, matches }).toMatchObject({ matches: true });
      }
    }),
  );
});

function holds(field: string[], found: unknown, value: unknown): boolean {
  if (field.at(-1) === "certSANs") return listHolds(found ?? [], value ?? []); // nothing takes one away
  return isZero(value) ? isZero(found) : settingMatches(found, value);
}

function argumentIn(list: unknown, name: string): string | undefined {
  return argumentPairs(list).find(([other]) => other === name)?.[1] ?? undefined;
}

describe("what was written otherwise is named with its patch", () => {
  const cluster = (fields: object) => JSON.stringify({ kind: KIND, ...fields });
  const json = (...operations: object[]) => ({
    group: "kubeadm.k8s.io",
    version: "v1beta4",
    kind: KIND,
    patch: JSON.stringify(operations),
  });
  /** What is missing in a document for the patches of the first node. */
  const missing = (fields: object, document: object) =>
    unwritten(
      [{ kind: KIND, apiVersion: "kubeadm.k8s.io/v1beta4", ...document }],
      define(fields).patches.filter(({ node }) => node !== 1),
    ).map(({ path, expected, found }) => [path, expected, found]);

  test("the node's own patch counts over the cluster's", () => {
    const of = (v: string) => ({ scheduler: { extraArgs: [{ name: "v", value: v }] } });
    const fields = {
      kubeadmConfigPatches: [cluster(of("1"))],
      nodes: [{ kubeadmConfigPatches: [cluster(of("2"))] }, {}],
    };
    expect(missing(fields, of("2"))).toEqual([]);
    expect(missing(fields, of("1"))).toEqual([
      ["nodes[0].kubeadmConfigPatches[0] ClusterConfiguration.scheduler.extraArgs.v", "2", "1"],
    ]);
  });

  test("and the later of two over the earlier", () => {
    const fields = { kubeadmConfigPatches: [cluster({ clusterName: "a" }), cluster({ clusterName: "b" })] };
    expect(missing(fields, { clusterName: "a" })).toEqual([
      ["kubeadmConfigPatches[1] ClusterConfiguration.clusterName", "b", "a"],
    ]);
  });

  test("a removal", () => {
    const fields = { kubeadmConfigPatches: [cluster({ scheduler: { extraArgs: { v: null } } })] };
    expect(missing(fields, { scheduler: { extraArgs: [{ name: "v", value: "1" }] } })).toEqual([
      ["kubeadmConfigPatches[0] ClusterConfiguration.scheduler.extraArgs.v", undefined, "1"],
    ]);
  });

  test("a document that is not there", () => {
    const fields = { kubeadmConfigPatches: ["kind: KubeProxyConfiguration\nmode: nftables"] };
    expect(missing(fields, {})).toEqual([
      ["kubeadmConfigPatches[0] KubeProxyConfiguration.mode", "nftables", undefined],
    ]);
  });

  test("but not what an operation says of a place in a list, which is another the second time", () => {
    const operations = [
      { op: "remove", path: "/apiServer/certSANs/0" },
      { op: "remove", path: "/apiServer/extraArgs/0/value" },
      { op: "move", from: "/clusterName", path: "/dns" },
      { op: "copy", from: "/apiServer/certSANs/0", path: "/apiServer/certSANs/-" },
    ];
    const document = { apiServer: { certSANs: ["b", "b"], extraArgs: [{ name: "v" }] }, dns: "a" };
    expect(missing({ kubeadmConfigPatchesJSON6902: [json(...operations)] }, document)).toEqual([]);
  });

  test.each([
    ["a value", { op: "replace", path: "/clusterName", value: "b" }, "clusterName", "b", "a"],
    ["a removal", { op: "remove", path: "/clusterName" }, "clusterName", undefined, "a"],
    [
      "an item",
      { op: "add", path: "/apiServer/certSANs/-", value: "b" },
      "apiServer.certSANs",
      ["a", "b"],
      ["a"],
    ],
    [
      "an argument",
      { op: "add", path: "/apiServer/extraArgs/0", value: { name: "v", value: "2" } },
      "apiServer.extraArgs.v",
      "2",
      "1",
    ],
  ])("of a JSON patch: %s", (_what, operation, field, expected, found) => {
    const document = {
      clusterName: "a",
      apiServer: { certSANs: ["a"], extraArgs: [{ name: "v", value: "1" }] },
    };
    const test = { op: "test", path: "/clusterName", value: "a" };
    expect(missing({ kubeadmConfigPatchesJSON6902: [json(test, operation)] }, document)).toEqual([
      [`kubeadmConfigPatchesJSON6902[0].patch[1] ClusterConfiguration.${field}`, expected, found],
    ]);
  });
});
