import { isDeepStrictEqual } from "node:util";
import { isArgumentList } from "./arguments.ts";
import { fieldOf, isObject, type Json, valueAt } from "./json.ts";
import type { Operation } from "./patches.ts";

/**
 * A kubeadm document after a merge patch (RFC 7386) that is written in the document's own API. As kind does it (kind 0.33,
 * pkg/internal/patch/kubeadm_merge.go), SANs are added to those that are there, and v1beta4's arguments are merged by name.
 */
export function applyMergePatch(document: Json, body: Json): Json {
  return mergedObject(document, body, String(document.apiVersion).endsWith("v1beta4"));
}

function mergedObject(target: Json, patch: Json, argumentsAreLists: boolean): Json {
  const fields = new Map(Object.entries(target)); // not an object: a patch may have a field `__proto__`
  for (const [key, value] of Object.entries(patch)) {
    const there = fields.get(key);
    if (isArgumentList(key) && argumentsAreLists) fields.set(key, mergedArguments(there, value));
    else if (key === "certSANs") fields.set(key, united(there, value));
    else if (value === null) fields.delete(key);
    else if (!isObject(value)) fields.set(key, value);
    else fields.set(key, mergedObject(isObject(there) ? there : {}, value, argumentsAreLists));
  }
  return Object.fromEntries(fields);
}

/** An item without a value removes the argument. */
function mergedArguments(there: unknown, added: unknown): unknown {
  let list = items(there);
  for (const { name, value = null } of items(added) as { name: string; value?: unknown }[]) {
    const at = list.findIndex((item) => isObject(item) && item.name === name);
    if (value === null) list = list.filter((_, index) => index !== at);
    else list = at < 0 ? list.concat({ name, value }) : list.with(at, { ...(list[at] as Json), value });
  }
  return orNull(list, there);
}

function united(there: unknown, added: unknown): unknown {
  return orNull([...new Set([...items(there), ...items(added)])], there);
}

function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Where nothing came to no list, kind writes null, as Go does for a nil slice: a JSON patch cannot add to it. */
function orNull(list: unknown[], there: unknown): unknown[] | null {
  return list.length > 0 || Array.isArray(there) ? list : null;
}

/**
 * A kubeadm document after one operation of a JSON patch (RFC 6902).
 * @throws Error where the document has not what the operation needs, as kind fails then.
 */
export function applyOperation(document: Json, operation: Operation): Json {
  const { op, value = null } = operation;
  const field = fieldOf(operation.path);
  const from = fieldOf(operation.from ?? "");
  switch (op) {
    case "add":
      return edited(document, field, value) as Json;
    case "remove":
      return edited(document, field, undefined) as Json;
    case "replace":
      return edited(edited(document, field, undefined), field, value) as Json;
    case "move":
      return edited(edited(document, from, undefined), field, existing(document, from)) as Json;
    case "copy":
      return edited(document, field, existing(document, from)) as Json;
    case "test":
      if (isDeepStrictEqual(existing(document, field), value)) return document;
      throw new Error(`${operation.path} has another value`);
    default:
      throw new Error(`${op} is not an operation`);
  }
}

/** A document with a value added at a field, or, where it is undefined, with what is there removed. */
function edited(document: unknown, [key = "", ...rest]: string[], value: unknown): unknown {
  const inner = () => edited(existing(document, [key]), rest, value);
  if (Array.isArray(document)) {
    const at = key === "-" ? document.length : Number(key);
    if (rest.length > 0) return document.with(at, inner());
    if (!(at >= 0 && at <= document.length)) throw new Error(`there is no item ${key}`);
    if (value !== undefined) return document.toSpliced(at, 0, value);
    existing(document, [key]);
    return document.toSpliced(at, 1);
  }
  if (!isObject(document)) throw new Error(`there is no object with a field ${key}`);
  const fields = new Map(Object.entries(document));
  if (rest.length > 0) fields.set(key, inner());
  else if (value !== undefined) fields.set(key, value);
  else if (!fields.delete(key)) throw new Error(`there is no field ${key}`);
  return Object.fromEntries(fields);
}

function existing(document: unknown, field: string[]): unknown {
  const value = valueAt(document, field);
  if (value === undefined) throw new Error(`there is nothing at ${field.join(".")}`);
  return value;
}
