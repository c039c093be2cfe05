import fc from "fast-check";
import { isObject, type Json } from "./json.ts";
import { applyMergePatch, applyOperation } from "./merge.ts";
import { bodyIn } from "./normalise.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";

/** Few names and values, so that patches meet on one field. */
export const field = fc.constantFrom("a", "b", "c");
export const scalar = fc.oneof(fc.constantFrom("1", "2"), fc.constantFrom(1, 2), fc.boolean());
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(field, scalar, { minKeys: 1, maxKeys: 2 }),
);

/** Arguments by name; null asks for a removal. */
export const map = fc.dictionary(fc.constantFrom("v", "w", "x"), fc.option(fc.constantFrom("1", "2")), {
  maxKeys: 3,
});

/** Arguments in the form of v1beta4. */
export function list(args: Record<string, string | null>): { name: string; value: string | null }[] {
  return Object.entries(args).map(([name, value]) => ({ name, value }));
}

/** The body of a merge patch in the form of v1beta4. */
export const body = bodyOf(map.map(list), fc.option(value));

/** A document of v1beta4 as kind might write it. */
export const document = documentOf("v1beta4", map.map(list));

/** The same of either API. */
export const anyDocument = fc.oneof(document, documentOf("v1beta3", map));

const pointers = fc.constantFrom(
  ...[
    "/apiServer",
    "/apiServer/a",
    "/apiServer/a/0",
    "/apiServer/a/-",
    "/apiServer/a/b",
    "/apiServer/certSANs",
  ],
  ...[
    "/apiServer/certSANs/-",
    "/apiServer/certSANs/0",
    "/scheduler/extraArgs",
    "/scheduler/extraArgs/0/value",
  ],
  ...["/scheduler/extraArgs/0", "/etcd", "/etcd/local", "/networking", "/networking/a", "/networking/b"],
);

/** An operation of a JSON patch. No argument is added of which there may be one: of two, a merge patch changes the first. */
export const operation: fc.Arbitrary<Operation> = fc.record({
  op: fc.constantFrom("add", "add", "replace", "remove", "move", "copy", "test"),
  path: pointers,
  from: pointers,
  value,
});

function documentOf(version: string, args: fc.Arbitrary<unknown>): fc.Arbitrary<Json> {
  const head = { kind: "ClusterConfiguration", apiVersion: `kubeadm.k8s.io/${version}` };
  return bodyOf(args, value).map((body) => ({ ...head, ...(withoutNulls(body) as Json) }));
}

function bodyOf(args: fc.Arbitrary<unknown>, inner: fc.Arbitrary<unknown>): fc.Arbitrary<Json> {
  const component = fc.record(
    { extraArgs: args, certSANs: fc.subarray(["s", "t", "u"]), a: inner },
    { requiredKeys: [] },
  );
  return fc.record(
    {
      apiServer: component,
      scheduler: component,
      networking: fc.dictionary(field, inner, { maxKeys: 2 }),
      etcd: fc.option(fc.record({ local: component })),
    },
    { requiredKeys: [] },
  );
}

/** A document never holds what a patch removes, nor an argument without a value. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item?.value !== null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

/** What kind writes for a document and the patches of a node; it fails where an operation does not fit. */
export function writtenBy(document: Json, patches: readonly KubeadmPatch[]): Json {
  return patches.reduce((before, patch) => {
    if ("operations" in patch) return patch.operations.reduce(applyOperation, before);
    return applyMergePatch(before, bodyIn(patch, String(before.apiVersion)));
  }, document);
}
