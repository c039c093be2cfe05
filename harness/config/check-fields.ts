import { UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";
import { withArguments } from "./arguments.ts";
import { type Field, type Fields, fieldsOfKinds } from "./fields.ts";
import { fieldOf, isObject } from "./json.ts";
import type { ClusterDefinition } from "./kind-config.ts";
import { configNodes } from "./nodes.ts";
import { kubeletPatches } from "./patch-directory.ts";
import { isKubeadms } from "./patch-target.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";
import { isZero } from "./setting-matches.ts";
import { type KubernetesVersion, kubeadmApi } from "./version.ts";

/** What is wrong with a field of a patch. */
interface Fault {
  /** `nodeRegistration.tains` */
  field: string;
  found: string;
  expected: string;
}

/** The tables of one version. */
interface Tables {
  kinds: ReadonlyMap<string, Fields>;
  api: string;
}

/**
 * Refuses a patch of a field that the configuration of kubeadm, kubelet or kube-proxy does not have at a version, and of
 * one that gives it a value of another type: kubeadm drops the first with a warning, and fails late on the second.
 * @throws UsageError that names the patch, the field and the nearest name.
 */
export function checkFields(definition: ClusterDefinition, version: KubernetesVersion): void {
  const tables = { kinds: fieldsOfKinds(version.minor), api: kubeadmApi(version) };
  const ofNodes = configNodes(definition.config).flatMap((node) => kubeletPatches(definition, node));
  for (const patch of [...definition.patches, ...ofNodes]) {
    const [fault] = faultsOf(patch, tables);
    if (fault) throw wrongField(patch, fault, isKubeadms(patch.kind, tables.api) ? tables.api : patch.kind);
  }
}

function faultsOf(patch: KubeadmPatch, tables: Tables): Fault[] {
  const fields = tables.kinds.get(patch.kind);
  if (!fields) return [];
  if ("operations" in patch) {
    return patch.operations.flatMap((operation) => faultsOfOperation(operation, patch.kind, fields, tables));
  }
  const { kind, apiVersion: _api, metadata: _metadata, ...own } = patch.body;
  const body = isKubeadms(patch.kind, tables.api) ? withArguments(own, tables.api) : own;
  return faultsIn(body, [], { type: "object", nil: false }, patch.kind, fields, tables);
}

function faultsIn(
  value: unknown,
  path: string[],
  { type, only }: Field,
  kind: string,
  fields: Fields,
  tables: Tables,
): Fault[] {
  const inner = (part: unknown, at: string[], field: Field) =>
    faultsIn(part, at, field, kind, fields, tables);
  if (isZero(value) && only) return []; // what another version has is not wanted here
  if (only) return [{ field: dotted(path), expected: only, found: `unknown field ${dotted(path)}` }];
  if (value === null || value === undefined || type === "any") return [];
  if (!isOfType(value, type)) {
    return [{ field: dotted(path), expected: WORDS[type], found: JSON.stringify(value) }];
  }
  if (Array.isArray(value)) {
    const item = fields.get(`${dotted(path)}[]`);
    return item ? value.flatMap((part) => inner(part, [...path.slice(0, -1), `${path.at(-1)}[]`], item)) : [];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const at = [...path, type === "map" ? "*" : key];
    const field = fields.get(dotted(at));
    return field ? inner(part, at, field) : [unknownField(path, key, kind, fields, tables)];
  });
}

function faultsOfOperation(
  { op, path, value }: Operation,
  kind: string,
  fields: Fields,
  tables: Tables,
): Fault[] {
  let [at, here]: [string[], Field] = [[], { type: "object", nil: false }];
  for (const part of fieldOf(path)) {
    if (here.type === "any") return [];
    const next =
      here.type === "list"
        ? [...at.slice(0, -1), `${at.at(-1)}[]`]
        : [...at, here.type === "map" ? "*" : part];
    const fits = here.type !== "list" || /^(-|\d+)$/.test(part);
    const field = fields.get(dotted(next));
    if (!fits) {
      const expected = `a place in a list (0, 1, …) or "-" for a new item behind ${dotted(at)}, as ${tables.api} has it`;
      return [{ field: dotted(at), expected, found: `the pointer ${path}` }];
    }
    if (!field) return [unknownField(at, part, kind, fields, tables)];
    [at, here] = [next, field];
  }
  if (op !== "add" && op !== "replace") return [];
  return faultsIn(value, at, here, kind, fields, tables).map((fault) =>
    path.endsWith("/-") && isObject(value) && here.type === "text"
      ? {
          ...fault,
          expected: `a pointer that ends in the argument's name, as in a map of ${tables.api}`,
          found: `the pointer ${path}`,
        }
      : fault,
  );
}

function unknownField(path: string[], key: string, kind: string, fields: Fields, tables: Tables): Fault {
  const known = [...fields].filter(([, { only }]) => !only).map(([name]) => name);
  const beside = known.flatMap((other) => childOf(other, dotted(path)));
  const near = nearest(key, beside).filter((name) => name !== key);
  const below = known.filter((other) => last(other) === key && !other.includes("[]"));
  const kinds = [...tables.kinds]
    .filter(([other, its]) => other !== kind && its.has(key))
    .map(([other]) => other);
  return {
    field: dotted([...path, key]),
    found: `unknown field ${dotted([...path, key])}`,
    expected: below[0]
      ? `${key} ${below[0] === key ? `at the top of ${kind}` : `below ${below[0].split(".").slice(0, -1).join(".")}`}`
      : near.length > 0
        ? `perhaps ${near.join(" or ")}`
        : kinds[0]
          ? `${key} in a patch of kind ${kinds[0]}`
          : `one of ${beside.slice(0, 12).join(", ")}${beside.length > 12 ? ", …" : ""}`,
  };
}

/** The name of a field where it is directly below another. */
function childOf(field: string, parent: string): string[] {
  const rest = parent === "" ? field : field.startsWith(`${parent}.`) ? field.slice(parent.length + 1) : "";
  return rest && !/[.[*]/.test(rest) ? [rest] : [];
}

function last(field: string): string {
  return field.split(".").at(-1) ?? "";
}

function dotted(path: string[]): string {
  return path.join(".");
}

const WORDS: Record<Field["type"], string> = {
  text: "text",
  boolean: "true or false, without quotes",
  number: "a number, without quotes",
  duration: "a duration such as 1h30m",
  list: "a list",
  map: "an object",
  object: "an object",
  any: "a value",
};

function isOfType(value: unknown, type: Field["type"]): boolean {
  if (type === "any") return true;
  if (type === "text" || type === "duration") return typeof value === "string";
  if (type === "list") return Array.isArray(value);
  return type === "map" || type === "object" ? isObject(value) : typeof value === type;
}

function wrongField(patch: KubeadmPatch, { field, expected, found }: Fault, api: string): UsageError {
  const unknown = found.startsWith("unknown field");
  const name = unknown
    ? `${patch.kind} has no field "${field}"`
    : `${patch.kind}.${field} has a value that does not fit`;
  return new UsageError(`${name}: ${patch.path}.`, {
    where: patch.where,
    expected,
    found,
    remedy: unknown
      ? `this is what ${api} has; kubeadm itself would drop the field with a warning`
      : `this is what ${api} takes`,
  });
}
