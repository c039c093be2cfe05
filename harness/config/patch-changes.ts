import { argumentPairs, COMMANDS } from "./arguments.ts";
import { fieldOf, isObject, type Json, valueAt } from "./json.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";

/** The value that a patch asks for at one field of a kubeadm document. */
export interface Setting {
  kind: string;
  field: string[];
  /** The program whose argument it is, with the argument's name; undefined for all other settings. */
  argument: { command: string; name: string } | undefined;
  /** The wanted value; null asks for its removal, and a list of an argument's values for each of them. */
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

/**
 * What a patch asks for, step by step. `given` is the document that kind wrote in the end, where it is known: it says what
 * became of operations on a place in a list, of copies and moves.
 */
export function patchChanges(patch: KubeadmPatch, given?: Json): Change[] {
  const { path, where, kind } = patch;
  if ("operations" in patch) {
    return patch.operations.flatMap((operation, at) =>
      operationChanges(kind, operation, given).map((change) => ({
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
    .map((setting) => ({
      path,
      where: patch.at?.(setting.field) ?? where,
      kind,
      overrides: [setting.field],
      asks: [setting],
    }));
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

/** What an operation of a JSON patch asks for. */
function operationChanges(
  kind: string,
  operation: Operation,
  given: Json | undefined,
): Pick<Change, "overrides" | "asks">[] {
  const { op, from, value } = operation;
  if (op === "test") return [];
  const left = op === "move" && from ? [{ overrides: [fieldOf(from)], asks: [] }] : [];
  const field = fieldOf(operation.path);
  const inList = field.findIndex((part) => /^(-|\d+)$/.test(part));
  if (inList >= 0) return [...left, listChange(kind, field.slice(0, inList), operation, given)];

  const list = field.slice(0, -1);
  const named = COMMANDS[list.join(".")] && argumentIn(operation, field.at(-1) ?? "");
  if (named) {
    const asked = argumentPairs([named]).map(([name, text]) => argument(kind, list, name, text));
    return [...left, { overrides: asked.map((setting) => setting.field), asks: asked }];
  }
  if (op === "add" || op === "replace") {
    return [...left, { overrides: [field], asks: settings(kind, field, value) }];
  }
  const became = given && op !== "remove" ? valueAt(given, field) : undefined;
  const asks = became === undefined ? [] : settings(kind, field, became);
  const removed = given && op === "remove" ? [{ kind, field, argument: undefined, value: null }] : [];
  return [...left, { overrides: [field], asks: [...asks, ...removed] }];
}

/** What an operation on a place in a list asks for: the list as it was written; while that is not known, a new item. */
function listChange(
  kind: string,
  list: string[],
  { op, path, value }: Operation,
  given: Json | undefined,
): Pick<Change, "overrides" | "asks"> {
  const isArguments = COMMANDS[list.join(".")] !== undefined;
  const written = given && valueAt(given, list);
  if (isArguments && Array.isArray(written)) {
    const pairs = Map.groupBy(argumentPairs(written), ([name]) => name);
    const asks = [...pairs].map(([name, all]) => {
      const values = all.map(([, text]) => text);
      return { ...argument(kind, list, name, null), value: values.length > 1 ? values : values[0] };
    });
    return { overrides: [list], asks };
  }
  if (written !== undefined) {
    return { overrides: [list], asks: [{ kind, field: list, argument: undefined, value: written }] };
  }
  const isItem = op === "add" && fieldOf(path).length === list.length + 1;
  if (!isItem) return { overrides: [list], asks: [] };
  if (!isArguments)
    return { overrides: [], asks: [{ kind, field: list, argument: undefined, value: [value] }] };
  const item = isObject(value) && typeof value.name === "string" ? argumentPairs([value]) : [];
  const asks = item.map(([name, text]) => argument(kind, list, name, text));
  return { overrides: asks.map((setting) => setting.field), asks };
}

/** The argument in a map of arguments that an operation speaks of, where it says its value. */
function argumentIn({ op, value }: Operation, name: string): { name: string; value: unknown } | undefined {
  if (op === "add" || op === "replace") return { name, value };
  return op === "remove" ? { name, value: null } : undefined;
}
