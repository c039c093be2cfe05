import fc from "fast-check";
import { isObject, type Json } from "./json.ts";
import { applyMergePatch, applyOperation } from "./merge.ts";
import { bodyIn } from "./normalise.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";

/** Few names and values, so that patches meet on one field. */
export const field = fc.constantFrom("a", "b", "c");
export const scalar = fc.oneof(fc.constantFrom("1", "2"), fc.constantFrom(1, 2), fc.boolean());
const scalars = fc.array(scalar, { maxLength: 3 });
const object = fc.dictionary(field, scalar, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
const sans = fc.subarray(["s", "t", "u"]);

/** Arguments by name; null asks for a removal. */
export const map = fc.dictionary(fc.constantFrom("v", "w", "x"), fc.option(fc.constantFrom("1", "2")), {
  maxKeys: 3,
  noNullPrototype: true,
});

/** Arguments in the form of v1beta4. */
export function list(args: Record<string, string | null>): { name: string; value: string | null }[] {
  return Object.entries(args).map(([name, value]) => ({ name, value }));
}

/** The body of a merge patch in the form of v1beta4. */
export const body = bodyOf(map.map(list));

/** A document of v1beta4 as kind might write it. */
export const document = documentOf("v1beta4", map.map(list));

/** The same of either API. */
export const anyDocument = fc.oneof(document, documentOf("v1beta3", map));

/** What an operation may set where: a field of Kubernetes has one type. */
const settable: [string, fc.Arbitrary<unknown>][] = [
  ["/apiServer", fc.constant({})],
  ["/apiServer/a", scalars],
  ["/apiServer/a/0", scalar],
  ["/apiServer/a/-", scalar],
  ["/apiServer/certSANs", sans],
  ["/apiServer/certSANs/-", fc.constantFrom("s", "v")],
  ["/apiServer/certSANs/0", fc.constantFrom("s", "v")],
  ["/scheduler/extraArgs/0", fc.constant({ name: "y", value: "1" })],
  ["/scheduler/extraArgs/0/value", fc.constant("3")],
  ["/etcd", fc.constant({ local: { certSANs: ["s"] } })],
  ["/networking/a", scalar],
  ["/networking/b", scalars],
  ["/networking/b/-", scalar],
  ["/networking/c", object],
  ["/networking/c/a", scalar],
];
const from = fc.constantFrom(...settable.map(([path]) => path));

/** An operation of a JSON patch. It adds no argument that may be there: of two, a merge patch changes the first. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  ...settable.map(([path, value]) =>
    fc.record({ op: fc.constantFrom("add", "replace", "remove", "test"), path: fc.constant(path), value }),
  ),
  fc.record({ op: fc.constantFrom("move", "copy"), path: from, from }),
);

function documentOf(version: string, args: fc.Arbitrary<unknown>): fc.Arbitrary<Json> {
  const head = { kind: "ClusterConfiguration", apiVersion: `kubeadm.k8s.io/${version}` };
  return bodyOf(args).map((body) => ({ ...head, ...(withoutNulls(body) as Json) }));
}

function bodyOf(args: fc.Arbitrary<unknown>): fc.Arbitrary<Json> {
  const component = record({ extraArgs: args, certSANs: sans, a: fc.option(scalars) });
  return record({
    apiServer: component,
    scheduler: component,
    networking: record({ a: fc.option(scalar), b: fc.option(scalars), c: fc.option(object) }),
    etcd: fc.option(record({ local: component })),
  });
}

function record(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> {
  return fc.record(fields, { requiredKeys: [], noNullPrototype: true });
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
