import { LineCounter, parseAllDocuments, parseDocument } from "yaml";
import { UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";
import { lostArgument } from "./arguments.ts";
import { type ClusterDefinition, dotted, type KindConfig } from "./kind-config.ts";
import { plain } from "./yaml.ts";

/** The documents that kind writes for kubeadm, and the API versions in which a patch may speak of them. */
const KINDS: Record<string, RegExp> = {
  ClusterConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  InitConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  JoinConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  KubeletConfiguration: /^kubelet\.config\.k8s\.io\/v1beta1$/,
  KubeProxyConfiguration: /^kubeproxy\.config\.k8s\.io\/v1alpha1$/,
};

/** Which document of a node's kubeadm configuration a patch changes. */
interface Target {
  /** Where in the config: `nodes[0].kubeadmConfigPatches[1]`. */
  path: string;
  /** The node (its place in the config) to which it is limited; undefined: every node. */
  node: number | undefined;
  kind: string;
}

/** One document of a merge patch, as the user wrote it. */
export interface PatchDocument extends Target {
  body: Record<string, unknown>;
}

/** One JSON patch (RFC 6902), as the user wrote it. */
export interface JsonPatchDocument extends Target {
  operations: Operation[];
}

export interface Operation {
  op: string;
  /** A JSON pointer (RFC 6901): `/apiServer/extraArgs/anonymous-auth`. */
  path: string;
  from?: string;
  value?: unknown;
}

/** Whether a kind of document is kubeadm's own, so that its apiVersion depends on the Kubernetes version. */
export function isKubeadms(kind: string, api: string): boolean {
  return KINDS[kind]?.test(api) ?? false;
}

/** Every document of every merge patch in a definition. A UsageError says which one is wrong, and where. */
export function patchDocuments(definition: ClusterDefinition): PatchDocument[] {
  return everywhere(definition, ({ kubeadmConfigPatches = [] }, parent, node) =>
    kubeadmConfigPatches.flatMap((text, index) =>
      documentsOf(definition, text, [...parent, "kubeadmConfigPatches", index], node),
    ),
  );
}

/** Every JSON patch in a definition. A UsageError says which one is wrong, and where. */
export function jsonPatchDocuments(definition: ClusterDefinition): JsonPatchDocument[] {
  return everywhere(definition, ({ kubeadmConfigPatchesJSON6902 = [] }, parent, node) =>
    kubeadmConfigPatchesJSON6902.map((patch, index) => {
      const field = [...parent, "kubeadmConfigPatchesJSON6902", index];
      const [path, where] = [dotted(field), definition.locate(field)];
      checkTarget({ kind: patch.kind, apiVersion: `${patch.group}/${patch.version}` }, path, where);
      return { path, node, kind: patch.kind, operations: operationsOf(definition, patch.patch, field) };
    }),
  );
}

type Patched = Pick<KindConfig, "kubeadmConfigPatches" | "kubeadmConfigPatchesJSON6902">;

/** What is found in the config itself, then what is found in each of its nodes: the order in which kind applies it. */
function everywhere<T>(
  { config }: ClusterDefinition,
  find: (part: Patched, parent: PropertyKey[], node: number | undefined) => T[],
): T[] {
  const single = (config.nodes ?? []).flatMap((node, index) => find(node, ["nodes", index], index));
  return [...find(config, [], undefined), ...single];
}

function documentsOf(
  definition: ClusterDefinition,
  text: string,
  field: PropertyKey[],
  node: number | undefined,
): PatchDocument[] {
  const [path, where] = [dotted(field), definition.locate(field)];
  const lines = new LineCounter();
  return [parseAllDocuments(text, { lineCounter: lines, merge: true })].flat().flatMap((document) => {
    const body = plain(document, lines, (found, { line }) =>
      notYaml(
        path,
        definition.locate(field, line),
        "a YAML document with kind and the fields to change",
        found,
      ),
    );
    if (body === null || body === undefined) return [];
    if (typeof body !== "object" || Array.isArray(body)) {
      throw new UsageError(`A kubeadm patch is not an object: ${path}.`, {
        where,
        expected: `a YAML object with kind: one of ${Object.keys(KINDS).join(", ")}`,
        found: JSON.stringify(body),
      });
    }
    const kind = checkTarget(body, path, where);
    const lost = lostArgument(body);
    if (lost) throw losesArgument(path, where, lost);
    return [{ path, node, kind, body: body as Record<string, unknown> }];
  });
}

function checkTarget(target: { kind?: unknown; apiVersion?: unknown }, path: string, where: string): string {
  const { kind, apiVersion } = target;
  const kinds = Object.keys(KINDS);
  const allowed = typeof kind === "string" && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!allowed) {
    const near = typeof kind === "string" ? nearest(kind, kinds) : [];
    throw new UsageError(`A kubeadm patch is of an unknown kind: ${path}.`, {
      where,
      expected: `kind: one of ${kinds.join(", ")}`,
      found: kind === undefined ? "no kind" : `kind: ${String(kind)}`,
      remedy: near[0] ? `did you mean ${near.join(" or ")}?` : "kind itself would skip this patch in silence",
    });
  }
  if (apiVersion !== undefined && !allowed.test(String(apiVersion))) {
    throw new UsageError(`A kubeadm patch has an apiVersion that kubeadm does not read: ${path}.`, {
      where,
      expected: `for ${String(kind)}: ${allowed.source.replaceAll("\\", "").replace(/^\^|\$$/g, "")}`,
      found: `apiVersion: ${String(apiVersion)}`,
    });
  }
  return String(kind);
}

function operationsOf(definition: ClusterDefinition, text: string, field: PropertyKey[]): Operation[] {
  const lines = new LineCounter();
  const expected = "a list of operations, each with op and path (RFC 6902)";
  const [path, patchField] = [dotted(field), [...field, "patch"]];
  const body = plain(parseDocument(text, { lineCounter: lines }), lines, (found, { line }) =>
    notYaml(path, definition.locate(patchField, line), expected, found),
  );
  const isOperation = (item: Partial<Operation> | null) =>
    typeof item?.op === "string" && String(item.path).startsWith("/");
  if (Array.isArray(body) && body.every(isOperation)) return body;
  throw new UsageError(`A JSON patch is no list of operations: ${path}.`, {
    where: definition.locate(patchField),
    expected,
    found: JSON.stringify(body),
  });
}

function notYaml(path: string, where: string, expected: string, found: string): UsageError {
  return new UsageError(`A kubeadm patch is not YAML: ${path}.`, { where, expected, found });
}

function losesArgument(path: string, where: string, found: string): UsageError {
  return new UsageError(`A kubeadm patch would lose an argument: ${path}.`, {
    where,
    expected:
      "arguments as a map of name and text, or as a list of items with name and value, each name once",
    found,
    remedy: "kind itself would skip it in silence",
  });
}
