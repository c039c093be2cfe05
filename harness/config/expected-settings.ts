import { UsageError } from "../support/errors.ts";
import { argumentPairs, COMMANDS } from "./arguments.ts";
import type { ClusterDefinition } from "./kind-config.ts";
import { jsonPatchDocuments, type Operation, patchDocuments } from "./patches.ts";

/** One setting that the patches of a config ask for on one node. */
export interface ExpectedSetting {
  /** The patch and the field: `kubeadmConfigPatches[0] ClusterConfiguration.etcd.local.extraArgs.client-cert-auth`. */
  path: string;
  kind: string;
  field: string[];
  /** The program whose argument it is, with the argument's name; undefined for all other settings. */
  argument: { command: string; name: string } | undefined;
  /** The wanted value; null asks for its removal. */
  value: unknown;
}

type Setting = Omit<ExpectedSetting, "path">;

/**
 * What the patches ask for on the node at a place of the config, the later patch winning over the earlier, JSON patches
 * over merge patches, and the node's own over the cluster's, as kind applies them (kind 0.33, actions/config/config.go).
 */
export function expectedSettings(
  definition: ClusterDefinition,
  place: number,
  joins: boolean,
): ExpectedSetting[] {
  const wishes = new Wishes();
  const [merges, jsons] = [patchDocuments(definition), jsonPatchDocuments(definition)];
  for (const node of [undefined, place]) {
    const readHere = (patch: { kind: string; path: string; node: number | undefined }) => {
      if (patch.node !== node) return false;
      const read = isRead(patch.kind, joins, node !== undefined);
      if (!read && node !== undefined) throw notReadHere(definition, patch, joins);
      return read;
    };
    for (const { path, kind, body } of merges.filter(readHere)) {
      const fields = Object.entries(body).filter(
        ([key]) => !["kind", "apiVersion", "metadata"].includes(key),
      );
      for (const [key, value] of fields) wishes.take(path, settings(kind, [key], value));
    }
    for (const { path, kind, operations } of jsons.filter(readHere)) {
      operations.forEach((operation, at) => {
        operate(wishes, `${path}.patch[${at}]`, kind, operation);
      });
    }
  }
  return wishes.all;
}

/** kubeadm join takes the ClusterConfiguration from the cluster, not from the node's own file. */
function isRead(kind: string, joins: boolean, ownFile: boolean): boolean {
  if (!joins) return kind !== "JoinConfiguration";
  return kind !== "InitConfiguration" && !(ownFile && kind === "ClusterConfiguration");
}

function notReadHere(
  { locate }: ClusterDefinition,
  { kind, path, node }: { kind: string; path: string; node: number | undefined },
  joins: boolean,
): UsageError {
  return new UsageError(
    `A patch would never be read: kubeadm reads no ${kind} of a node that ${joins ? "joins" : "starts the cluster"}.`,
    {
      where: `${locate(["nodes", node ?? 0])}: ${path}`,
      expected: joins
        ? "kind: JoinConfiguration on every node but the first control plane"
        : "kind: InitConfiguration on the first control plane",
      found: `kind: ${kind}`,
    },
  );
}

/** What is asked for, patch after patch. */
class Wishes {
  all: ExpectedSetting[] = [];

  /** Asks for settings, each instead of what was asked of its field before. */
  take(path: string, asked: Setting[]): void {
    for (const setting of asked) {
      this.withdraw(setting.kind, setting.field);
      this.add(path, setting);
    }
  }

  /** Asks for a setting beside what was asked of its field before. */
  add(path: string, setting: Setting): void {
    this.all.push({ ...setting, path: `${path} ${[setting.kind, ...setting.field].join(".")}` });
  }

  /** Takes back what was asked of a field, of a part of it, or of the whole that it is in. */
  withdraw(kind: string, field: string[]): void {
    const apart = (other: string[]) => other.some((part, at) => at < field.length && part !== field[at]);
    this.all = this.all.filter((asked) => asked.kind !== kind || apart(asked.field));
  }
}

/** The settings that a value asks for at a field: an object asks for each of its parts. */
function settings(kind: string, field: string[], value: unknown): Setting[] {
  const command = COMMANDS[field.join(".")];
  if (command) return argumentPairs(value).map(([name, text]) => argument(kind, field, name, text));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
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
function operate(wishes: Wishes, path: string, kind: string, operation: Operation): void {
  const { op, from, value } = operation;
  if (op === "test") return;
  if (op === "move" && from) wishes.withdraw(kind, fieldOf(from));
  const field = fieldOf(operation.path);
  const inList = field.findIndex((part) => /^(-|\d+)$/.test(part));
  const appends = op === "add" && inList === field.length - 1;
  const list = field.slice(0, inList < 0 ? -1 : inList);
  const named =
    COMMANDS[list.join(".")] && argumentIn(operation, inList < 0 ? field.at(-1) : undefined, appends);

  if (named) {
    const pairs = argumentPairs([named]);
    wishes.take(
      path,
      pairs.map(([name, text]) => argument(kind, list, name, text)),
    );
  } else if (appends) {
    wishes.add(path, { kind, field: list, argument: undefined, value: [value] });
  } else {
    wishes.withdraw(kind, inList < 0 ? field : list);
    if (inList < 0 && (op === "add" || op === "replace")) wishes.take(path, settings(kind, field, value));
  }
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

/** The parts of a JSON pointer (RFC 6901, section 4). */
function fieldOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
