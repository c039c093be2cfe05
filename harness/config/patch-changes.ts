import { argumentPairs, COMMANDS } from "./arguments.ts";
import { fieldOf, isObject } from "./json.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";

/** The value that a patch asks for at one field of a kubeadm document. */
export interface Setting {
  kind: string;
  field: string[];
  /** The program whose argument it is, with the argument's name; undefined for all other settings. */
  argument: { command: string; name: string } | undefined;
  /** The wanted value; null asks for its removal. */
  value: unknown;
}

/** One step of a patch. */
export interface Change {
  /** The patch, and the operation of a JSON patch: `kubeadmConfigPatchesJSON6902[0].patch[1]`. */
  path: string;
  /** Where in the file: `my.yaml:4:3`. */
  where: string;
  kind: string;
  /** The fields of which, and of whose parts, nothing that earlier steps asked for is left. */
  overrides: string[][];
  asks: Setting[];
}

/** What a patch asks for, step by step. */
export function patchChanges(patch: KubeadmPatch): Change[] {
  const { path, where, kind } = patch;
  if ("operations" in patch) {
    return patch.operations.flatMap((operation, at) =>
      operationChanges(kind, operation).map((change) => ({
        ...change,
        kind,
        where,
        path: `${path}.patch[${at}]`,
      })),
    );
  }
  return Object.entries(patch.body)
    .filter(([key]) => !["kind", "apiVersion", "metadata"].includes(key))
    .flatMap(([key, value]) => settings(kind, [key], value))
    .map((setting) => ({ path, where, kind, overrides: [setting.field], asks: [setting] }));
}

/** The settings that a value asks for at a field: an object asks for each of its parts. */
function settings(kind: string, field: string[], value: unknown): Setting[] {
  if (COMMANDS[field.join(".")]) {
    return argumentPairs(value).map(([name, text]) => argument(kind, field, name, text));
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, inner]) => settings(kind, [...field, key], inner));
  }
  return [{ kind, field, argument: undefined, value }];
}

function argument(kind: string, list: string[], name: string, value: string | null): Setting {
  const command = COMMANDS[list.join(".")] ?? "";
  return { kind, field: [...list, name], argument: { command, name }, value };
}

/**
 * What an operation of a JSON patch asks for. What cannot be read back afterwards is left out, and with it what was asked
 * of the same field: the removal of a setting (its default takes its place), and what is said of a place in a list.
 */
function operationChanges(kind: string, operation: Operation): Pick<Change, "overrides" | "asks">[] {
  const { op, from, value } = operation;
  if (op === "test") return [];
  const left = op === "move" && from ? [{ overrides: [fieldOf(from)], asks: [] }] : [];
  const field = fieldOf(operation.path);
  const inList = field.findIndex((part) => /^(-|\d+)$/.test(part));
  const appends = op === "add" && inList === field.length - 1;
  const list = field.slice(0, inList < 0 ? -1 : inList);
  const named =
    COMMANDS[list.join(".")] && argumentIn(operation, inList < 0 ? field.at(-1) : undefined, appends);

  if (named) {
    const asked = argumentPairs([named]).map(([name, text]) => argument(kind, list, name, text));
    return [...left, { overrides: asked.map((setting) => setting.field), asks: asked }];
  }
  if (appends) {
    return [...left, { overrides: [], asks: [{ kind, field: list, argument: undefined, value: [value] }] }];
  }
  const sets = inList < 0 && (op === "add" || op === "replace");
  return [
    ...left,
    { overrides: [inList < 0 ? field : list], asks: sets ? settings(kind, field, value) : [] },
  ];
}

/** The argument that an operation on an argument list speaks of, where it can be told: by its key, or as a new item. */
function argumentIn(
  { op, value }: Operation,
  key: string | undefined,
  appends: boolean,
): { name: string; value: unknown } | undefined {
  if (appends) {
    const item = value as { name?: unknown; value?: unknown } | null;
    return typeof item?.name === "string" ? { name: item.name, value: item.value } : undefined;
  }
  if (key === undefined) return undefined;
  if (op === "add" || op === "replace") return { name: key, value };
  return op === "remove" ? { name: key, value: null } : undefined;
}
