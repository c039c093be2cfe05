import { isDeepStrictEqual } from "node:util";
import { isArgumentList } from "./arguments.ts";
import { isObject, type Json, valueAt } from "./json.ts";

/** One setting in two kubeadm documents; undefined where a document does not have it. */
interface Difference {
  /** `apiServer.extraArgs.anonymous-auth` */
  field: string;
  before: unknown;
  after: unknown;
}

/** The settings in which two kubeadm documents differ. */
export function differences(before: Json, after: Json): Difference[] {
  const [one, other] = [settings(before), settings(after)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((field) => !isDeepStrictEqual(one.get(field), other.get(field)))
    .map((field) => ({ field, before: one.get(field), after: other.get(field) }));
}

/** A document's settings by field. Its head is not one, and nothing is the same as null, an empty list or object. */
function settings({ kind: _kind, apiVersion: _api, metadata: _metadata, ...body }: Json) {
  return new Map(leaves(body, []));
}

function leaves(value: unknown, field: string[]): [string, unknown][] {
  const inner = isArgumentList(field.at(-1) ?? "") && Array.isArray(value) ? byName(value) : value;
  if (isObject(inner)) return Object.entries(inner).flatMap(([key, part]) => leaves(part, [...field, key]));
  if (inner === null || inner === undefined || (Array.isArray(inner) && inner.length === 0)) return [];
  if (Array.isArray(inner) && field.at(-1) === "certSANs") return [[field.join("."), inner.toSorted()]]; // a set
  return [[field.join("."), withoutNulls(inner)]];
}

/** The order of arguments means nothing, but which of two with one name is the later does. */
function byName(items: unknown[]): Json {
  const groups = Map.groupBy(items, (item) => String(valueAt(item, ["name"])));
  return Object.fromEntries(
    [...groups].map(([name, all]) => {
      const values = all.map((item) => valueAt(item, ["value"]));
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
}

/** kind drops null in an object in a list, or not: that depends on what was there before (evanphx/json-patch, merge.go). */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}
