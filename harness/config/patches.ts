import { type Document, LineCounter, parseAllDocuments, parseDocument } from "yaml";
import { oneLine, UsageError } from "../support/errors.ts";
import { lostArgument } from "./arguments.ts";
import type { KindConfig } from "./kind-schema.ts";
import { dotted, type Locate, placeOf } from "./locate.ts";
import { KIND_NAMES, targetKind } from "./patch-target.ts";
import { KUBE_YAML, plain } from "./yaml.ts";

/** Which document of a node's kubeadm configuration a patch changes, and where the patch stands. */
interface PatchTarget {
  /** Where in the config: `nodes[0].kubeadmConfigPatches[1]`. */
  path: string;
  /** Where in the file: `my.yaml:4:3`. */
  where: string;
  /** The node (its place in the config) to which it is limited; undefined: every node. */
  node: number | undefined;
  kind: string;
}

/** One document of a merge patch, as the user wrote it. */
export interface MergePatch extends PatchTarget {
  body: Record<string, unknown>;
  /** Where one of its fields stands: `my.yaml:12`. */
  at?: (field: string[]) => string;
}

/** One JSON patch (RFC 6902), as the user wrote it. */
interface JsonPatch extends PatchTarget {
  operations: Operation[];
}

export type KubeadmPatch = MergePatch | JsonPatch;

export interface Operation {
  op: string;
  /** A JSON pointer (RFC 6901): `/apiServer/extraArgs/anonymous-auth`. */
  path: string;
  from?: string;
  value?: unknown;
}

/** Where a patch stands in the config, and to which node it is limited. */
interface Place {
  field: PropertyKey[];
  node: number | undefined;
  locate: Locate;
}

/**
 * The kubeadm patches of a config in the order in which kind applies them: the cluster's merge patches, its JSON patches,
 * then each node's own in the same order. A UsageError says which one is wrong, and where.
 */
export function parsePatches(config: KindConfig, locate: Locate): KubeadmPatch[] {
  const single = (config.nodes ?? []).flatMap((part, node) =>
    patchesIn(part, { field: ["nodes", node], node, locate }),
  );
  return [...patchesIn(config, { field: [], node: undefined, locate }), ...single];
}

function patchesIn(
  part: Pick<KindConfig, "kubeadmConfigPatches" | "kubeadmConfigPatchesJSON6902">,
  place: Place,
): KubeadmPatch[] {
  const { kubeadmConfigPatches: merges = [], kubeadmConfigPatchesJSON6902: jsons = [] } = part;
  const at = (...field: PropertyKey[]) => ({ ...place, field: [...place.field, ...field] });
  return [
    ...merges.flatMap((text, index) => mergePatches(text, at("kubeadmConfigPatches", index))),
    ...jsons.map((patch, index) => jsonPatch(patch, at("kubeadmConfigPatchesJSON6902", index))),
  ];
}

/** The documents of a merge patch. Empty ones change nothing. */
function mergePatches(text: string, { field, node, locate }: Place): MergePatch[] {
  const [path, where] = [dotted(field), locate(field)];
  const lines = new LineCounter();
  return [parseAllDocuments(text, { ...KUBE_YAML, lineCounter: lines })].flat().flatMap((document) => {
    const expected = "a YAML document with kind and the fields to change";
    const body = plain(document, text, lines, (found, { line }) =>
      notYaml(path, locate(field, line), expected, found),
    );
    if (body === null || body === undefined) return [];
    if (typeof body !== "object" || Array.isArray(body)) {
      throw new UsageError(`A kubeadm patch is not an object: ${path}.`, {
        where,
        expected: `a YAML object with kind: one of ${KIND_NAMES.join(", ")}`,
        found: shown(body),
      });
    }
    const kind = targetKind(body, path, where);
    const lost = lostArgument(body);
    if (lost) throw losesArgument(path, where, lost);
    const at = (inner: string[]) => locate(field, placeOf(document as Document.Parsed, lines, inner)?.line);
    return [{ path, where, node, kind, body: body as Record<string, unknown>, at }];
  });
}

function jsonPatch(
  patch: NonNullable<KindConfig["kubeadmConfigPatchesJSON6902"]>[number],
  place: Place,
): JsonPatch {
  const [path, where] = [dotted(place.field), place.locate(place.field)];
  const { group, version } = patch;
  const apiVersion = group || version ? `${group ?? ""}/${version ?? ""}` : undefined;
  const kind = targetKind({ kind: patch.kind, apiVersion }, path, where);
  return { path, where, node: place.node, kind, operations: operations(patch.patch ?? "", place) };
}

function operations(text: string, { field, locate }: Place): Operation[] {
  const lines = new LineCounter();
  const expected = "a list of operations, each with op and path (RFC 6902)";
  const [path, patchField] = [dotted(field), [...field, "patch"]];
  const body = plain(
    parseDocument(text, { ...KUBE_YAML, lineCounter: lines }),
    text,
    lines,
    (found, { line }) => notYaml(path, locate(patchField, line), expected, found),
  );
  const isOperation = (item: Partial<Operation> | null) =>
    typeof item?.op === "string" && String(item.path).startsWith("/");
  if (body === null) return []; // as kind takes it: nothing to do
  if (Array.isArray(body) && body.every(isOperation)) return body;
  throw new UsageError(`A JSON patch is not a list of operations: ${path}.`, {
    where: locate(patchField),
    expected,
    found: shown(body),
  });
}

function notYaml(path: string, where: string, expected: string, found: string): UsageError {
  const twice = / is there twice$/.test(found);
  if (twice) return losesArgument(path, where, found);
  return new UsageError(`A kubeadm patch is not YAML: ${path}.`, { where, expected, found });
}

/** Of a list, too, kind keeps one item for each name: only the operations of a JSON patch add to it unseen. */
function losesArgument(path: string, where: string, found: string): UsageError {
  return new UsageError(`A kubeadm patch would lose a value: ${path}.`, {
    where,
    expected:
      "each key of a map once; arguments as a map of name and text, or as a list of items with name and value, each name once",
    found,
    remedy:
      "kind itself would keep one of them in silence. From Kubernetes 1.36 on, an argument is repeated by a JSON patch (kubeadmConfigPatchesJSON6902) with one operation for each value: {op: add, path: /apiServer/extraArgs/-, value: {name: NAME, value: TEXT}}",
  });
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "nothing" : oneLine(JSON.stringify(value));
}
