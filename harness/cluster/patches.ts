import { LineCounter, parseAllDocuments, stringify } from "yaml";
import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { ClusterDefinition, KindConfig } from "./definition.ts";
import { type KubernetesVersion, kubeadmApi } from "./version.ts";

/** The documents that kind writes for kubeadm, and the API versions in which a patch may speak of them. */
const KINDS: Record<string, RegExp> = {
  ClusterConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  InitConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  JoinConfiguration: /^kubeadm\.k8s\.io\/v1beta[34]$/,
  KubeletConfiguration: /^kubelet\.config\.k8s\.io\/v1beta1$/,
  KubeProxyConfiguration: /^kubeproxy\.config\.k8s\.io\/v1alpha1$/,
};

type Json = Record<string, unknown>;

/** One document of a patch, as the user wrote it, and where. */
export interface PatchDocument {
  /** Where in the config: `nodes[0].kubeadmConfigPatches[1]`. */
  path: string;
  /** The node (its place in the config) to which it is limited; undefined: every node. */
  node: number | undefined;
  kind: string;
  body: Json;
}

/**
 * The config that kind shall get for a version: the user's own, with each kubeadm patch written in the kubeadm API that
 * is in force. kind skips a patch of the other apiVersion in silence, and drops a v1beta3 map of arguments under v1beta4
 * (kind 0.33, pkg/internal/patch/resource.go `matches`, kubeadm_merge.go `mergeExtraArgs`).
 */
export function configInForce(
  definition: ClusterDefinition,
  version: KubernetesVersion,
  added: readonly Json[] = [],
): KindConfig {
  const documents = patchDocuments(definition);
  const api = kubeadmApi(version);
  const texts = (node: number | undefined) =>
    documents.filter((patch) => patch.node === node).map((patch) => stringify(inApi(patch, api)));
  const { config } = definition;
  return {
    ...config,
    kubeadmConfigPatches: [...added.map((patch) => stringify(patch)), ...texts(undefined)],
    ...jsonPatchesInForce(config, api),
    ...(config.nodes && {
      nodes: config.nodes.map((node, index) => ({
        ...node,
        kubeadmConfigPatches: texts(index),
        ...jsonPatchesInForce(node, api),
      })),
    }),
  };
}

/** Every document of every merge patch in a definition. A UsageError says which one is wrong, and where. */
export function patchDocuments(definition: ClusterDefinition): PatchDocument[] {
  const { config } = definition;
  const whole = documentsOf(definition, config.kubeadmConfigPatches, [], undefined);
  const single = (config.nodes ?? []).flatMap((node, index) =>
    documentsOf(definition, node.kubeadmConfigPatches, ["nodes", index], index),
  );
  return [...whole, ...single];
}

function documentsOf(
  definition: ClusterDefinition,
  patches: string[] | undefined,
  parent: PropertyKey[],
  node: number | undefined,
): PatchDocument[] {
  return (patches ?? []).flatMap((text, index) => {
    const field = [...parent, "kubeadmConfigPatches", index];
    const path = field
      .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
      .join("")
      .slice(1);
    const lines = new LineCounter();
    return [parseAllDocuments(text, { lineCounter: lines })].flat().flatMap((document) => {
      const [syntax] = document.errors;
      if (syntax) {
        throw new UsageError(`A kubeadm patch is not YAML: ${path}.`, {
          where: definition.locate(field, lines.linePos(syntax.pos[0]).line),
          expected: "a YAML document with kind and the fields to change",
          found: syntax.message.split("\n")[0] ?? syntax.code,
        });
      }
      const body: unknown = document.toJS();
      if (body === null || body === undefined) return [];
      return [{ path, node, ...checked(body, path, definition.locate(field)) }];
    });
  });
}

function checked(body: unknown, path: string, where: string): { kind: string; body: Json } {
  const kinds = Object.keys(KINDS);
  if (typeof body !== "object" || Array.isArray(body) || body === null) {
    throw new UsageError(`A kubeadm patch is not an object: ${path}.`, {
      where,
      expected: `a YAML object with kind: one of ${kinds.join(", ")}`,
      found: JSON.stringify(body),
    });
  }
  const { kind, apiVersion } = body as { kind?: unknown; apiVersion?: unknown };
  const allowed = typeof kind === "string" ? KINDS[kind] : undefined;
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
      expected: `for ${String(kind)}: ${allowed.source.replaceAll("\\", "").replace(/^\^|\$$/g, "")}, or none`,
      found: `apiVersion: ${String(apiVersion)}`,
    });
  }
  return { kind: String(kind), body: body as Json };
}

function inApi({ kind, body }: PatchDocument, api: string): Json {
  const own = KINDS[kind]?.test(api) ?? false;
  return own ? { ...(withArguments(body, api) as Json), apiVersion: api } : body;
}

/** v1beta3 has component arguments as a map, v1beta4 as a list of name and value. */
function withArguments(value: unknown, api: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== "extraArgs" && key !== "kubeletExtraArgs") return [key, withArguments(inner, api)];
      const pairs = argumentPairs(inner);
      return [
        key,
        api.endsWith("v1beta4") ? pairs.map(([name, value]) => ({ name, value })) : Object.fromEntries(pairs),
      ];
    }),
  );
}

/** Component arguments out of either form, as pairs of name and text; null asks for the argument's removal. */
export function argumentPairs(args: unknown): [string, string | null][] {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  if (Array.isArray(args)) {
    return args.map((item: { name?: unknown; value?: unknown }) => [String(item.name), text(item.value)]);
  }
  return Object.entries((args ?? {}) as Json).map(([name, value]) => [name, text(value)]);
}

function jsonPatchesInForce<T extends Pick<KindConfig, "kubeadmConfigPatchesJSON6902">>(
  part: T,
  api: string,
) {
  const patches = part.kubeadmConfigPatchesJSON6902;
  if (!patches) return {};
  const [group, version = ""] = api.split("/");
  return {
    kubeadmConfigPatchesJSON6902: patches.map((patch) =>
      patch.group === group ? { ...patch, version } : patch,
    ),
  };
}
