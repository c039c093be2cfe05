import { isDeepStrictEqual } from "node:util";
import { isArgumentList } from "./arguments.ts";
import { differences } from "./differences.ts";
import { fieldOf, isObject, type Json, pointer, valueAt } from "./json.ts";
import { applyMergePatch, applyOperation } from "./merge.ts";
import { bodyIn } from "./normalise.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";

/** A field that is not as the patches ask for it in the kubeadm configuration that was written for a node. */
export interface Unwritten {
  /** The patch and the field: `kubeadmConfigPatches[0] ClusterConfiguration.etcd.local.dataDir`. */
  path: string;
  kind: string;
  expected: unknown;
  found: unknown;
}

/**
 * Where a node's kubeadm configuration differs from what the node's patches, in kind's order, ask for. A patch that was
 * applied changes nothing when it is applied again, so all of them are, to what was written: what changes was not there.
 */
export function unwritten(documents: readonly Json[], patches: readonly KubeadmPatch[]): Unwritten[] {
  return [...new Set(patches.map(({ kind }) => kind))].flatMap((kind) => {
    const written = documents.find((document) => document.kind === kind) ?? {};
    return changedAgain(
      written,
      patches.filter((patch) => patch.kind === kind),
    ).map((change) => ({ ...change, kind, path: `${change.path} ${kind}.${change.field}` }));
  });
}

function changedAgain(written: Json, patches: KubeadmPatch[]) {
  const changedBy = new Map<string, string>();
  let document = written;
  for (const { path, apply } of patches.flatMap((patch) => steps(patch, written))) {
    const next = apply(document);
    for (const { field } of differences(document, next)) changedBy.set(field, path);
    document = next;
  }
  return differences(written, document).map(({ field, before, after }) => ({
    path: changedBy.get(field) ?? "",
    field,
    expected: after,
    found: before,
  }));
}

function steps(patch: KubeadmPatch, written: Json): { path: string; apply: (document: Json) => Json }[] {
  const { path } = patch;
  if ("body" in patch) {
    const body = bodyIn(patch, String(written.apiVersion));
    return [{ path, apply: (document) => applyMergePatch(document, body) }];
  }
  return patch.operations.map((operation, at) => ({
    path: `${path}.patch[${at}]`,
    apply: (document) => applyAgain(document, operation, written),
  }));
}

/**
 * The same for an operation of a JSON patch. One on a place in a list, a move and a copy have another effect the second
 * time: what they speak of counts as written right.
 */
function applyAgain(document: Json, operation: Operation, written: Json): Json {
  const { op, path, from, value } = operation;
  const field = fieldOf(path);
  const parent = valueAt(document, field.slice(0, -1));
  if (op === "test") return document;
  if (!isInItem(document, field)) {
    if (isObject(parent) && (op === "add" || op === "replace")) {
      return applyOperation(document, { op: "add", path, value });
    }
    if (isObject(parent) && op === "remove") {
      return valueAt(document, field) === undefined ? document : applyOperation(document, operation);
    }
    if (Array.isArray(parent) && op === "add" && !isIn(valueAt(written, field.slice(0, -1)), value)) {
      return withItem(document, field.slice(0, -1), value);
    }
  }
  const left = op === "move" && from ? asWritten(document, fieldOf(from), written) : document;
  return asWritten(left, field, written);
}

/** Whether a field is inside an item of a list. */
function isInItem(document: Json, field: string[]): boolean {
  return field.slice(0, -2).some((_, at) => Array.isArray(valueAt(document, field.slice(0, at + 1))));
}

function isIn(list: unknown, value: unknown): boolean {
  return Array.isArray(list) && list.some((item) => isDeepStrictEqual(item, value));
}

/** An argument takes the place of one with its name, so that a later patch of the same argument finds one of it. */
function withItem(document: Json, list: string[], value: unknown): Json {
  if (isArgumentList(list.at(-1) ?? "")) {
    return applyMergePatch(
      document,
      list.reduceRight<unknown>((inner, key) => ({ [key]: inner }), [value]) as Json,
    );
  }
  return applyOperation(document, { op: "add", path: pointer([...list, "-"]), value });
}

/** A document with the field as it was written, or what the field is in where that is a list or missing. */
function asWritten(document: Json, [key = "", ...rest]: string[], written: Json): Json {
  const [there, was] = [valueAt(document, [key]), valueAt(written, [key])];
  const value = rest.length > 0 && isObject(there) && isObject(was) ? asWritten(there, rest, was) : was;
  const others = Object.entries(document).filter(([other]) => other !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
}
