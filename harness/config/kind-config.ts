import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { oneLine, UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";
import { plain } from "./yaml.ts";

const JsonPatch = z.strictObject({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  patch: z.string(),
});

const Patches = {
  kubeadmConfigPatches: z.array(z.string()).optional(),
  kubeadmConfigPatchesJSON6902: z.array(JsonPatch).optional(),
};

const KindNode = z.strictObject({
  role: z.enum(["control-plane", "worker"]).optional(),
  image: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  extraMounts: z
    .array(
      z.strictObject({
        hostPath: z.string().optional(),
        containerPath: z.string().optional(),
        readOnly: z.boolean().optional(),
        selinuxRelabel: z.boolean().optional(),
        propagation: z.enum(["None", "HostToContainer", "Bidirectional"]).optional(),
      }),
    )
    .optional(),
  extraPortMappings: z
    .array(
      z.strictObject({
        containerPort: z.int().optional(),
        hostPort: z.int().optional(),
        listenAddress: z.string().optional(),
        protocol: z.enum(["TCP", "UDP", "SCTP"]).optional(),
      }),
    )
    .optional(),
  ...Patches,
});

/** kind's own configuration, v1alpha4 (pkg/apis/config/v1alpha4/types.go of kind 0.33). */
const KindConfig = z.strictObject({
  kind: z.literal("Cluster"),
  apiVersion: z.literal("kind.x-k8s.io/v1alpha4"),
  name: z.string().optional(),
  nodes: z.array(KindNode).optional(),
  networking: z
    .strictObject({
      ipFamily: z.enum(["ipv4", "ipv6", "dual"]).optional(),
      apiServerPort: z.int().optional(),
      apiServerAddress: z.string().optional(),
      podSubnet: z.string().optional(),
      serviceSubnet: z.string().optional(),
      disableDefaultCNI: z.boolean().optional(),
      kubeProxyMode: z.enum(["iptables", "nftables", "ipvs", "none"]).optional(),
      dnsSearch: z.array(z.string()).optional(),
    })
    .optional(),
  featureGates: z.record(z.string(), z.boolean()).optional(),
  runtimeConfig: z.record(z.string(), z.string()).optional(),
  containerdConfigPatches: z.array(z.string()).optional(),
  containerdConfigPatchesJSON6902: z.array(z.string()).optional(),
  ...Patches,
});

export type KindConfig = z.infer<typeof KindConfig>;

/** A cluster as its file asks for it. */
export interface ClusterDefinition {
  /** The file's name without ending: `default`. It names the run in reports. */
  title: string;
  /** The file, as the user named it. */
  path: string;
  config: KindConfig;
  /** Where a field stands: `file:line:column`. `line` counts on from the first line of a block of text (a patch). */
  locate(field: PropertyKey[], line?: number): string;
}

/** Reads a kind config file. A UsageError names file, line, column and field of what is wrong. */
export async function loadDefinition(path: string): Promise<ClusterDefinition> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError("The cluster's configuration cannot be read.", {
      where: path,
      expected: "a kind config file, or the name of one in clusters/",
      found: cause.code === "ENOENT" ? "no such file" : oneLine(cause),
      cause,
    });
  });
  return { title: basename(path).replace(/\.ya?ml$/, ""), path, ...parseKindConfig(text, path) };
}

/** Parses and checks the text of a kind config file; `path` is for error texts. */
export function parseKindConfig(text: string, path: string): Pick<ClusterDefinition, "config" | "locate"> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true }); // as kind's parser does, `<<` merges
  const value = plain(
    document,
    lines,
    (found, at) =>
      new UsageError("The cluster's configuration is not YAML.", {
        where: `${path}:${at.line}:${at.col}`,
        expected: "a kind config file",
        found,
      }),
  );
  const parsed = KindConfig.safeParse(value);
  const locate = (field: PropertyKey[], line = 0) => `${path}${position(document, field, lines, line)}`;
  if (parsed.success) return { config: parsed.data, locate };
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = unknown === undefined ? issue.path : [...issue.path, unknown];
  throw new UsageError("The cluster's configuration is not a kind config.", {
    where: locate(field),
    expected: unknown === undefined ? oneLine(issue.message) : expectedField(issue.path, unknown),
    found:
      unknown === undefined
        ? [dotted(field), shown(document.getIn(field))].filter(Boolean).join(": ")
        : `unknown field ${dotted(field)}`,
    remedy: "https://kind.sigs.k8s.io/docs/user/configuration/ lists the fields",
  });
}

function position(
  document: ReturnType<typeof parseDocument>,
  field: PropertyKey[],
  lines: LineCounter,
  line: number,
): string {
  for (let depth = field.length; depth > 0; depth--) {
    const parent = document.getIn(field.slice(0, depth - 1), true);
    const key = field[depth - 1];
    const pair = (parent as { items?: { key?: unknown }[] } | undefined)?.items?.find(
      (item) => isNode(item.key) && String(item.key) === String(key),
    );
    const found = isNode(pair?.key) ? pair.key : document.getIn(field.slice(0, depth), true);
    if (isNode(found) && found.range) {
      const at = lines.linePos(found.range[0]);
      return line > 0 ? `:${at.line + line}` : `:${at.line}:${at.col}`;
    }
  }
  return ":1:1";
}

function expectedField(path: PropertyKey[], unknown: string): string {
  const known = fieldsAt(path);
  const near = nearest(unknown, known);
  return near.length > 0 ? `perhaps ${near.join(" or ")}` : `one of ${known.join(", ")}`;
}

/** The fields that kind knows at a place of its config. */
function fieldsAt(path: PropertyKey[]): string[] {
  const place = path.reduce<unknown>((schema, key) => {
    const outer = bare(schema);
    if (outer instanceof z.ZodArray) return outer.element;
    return outer instanceof z.ZodObject ? outer.shape[String(key)] : undefined;
  }, KindConfig);
  const schema = bare(place);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}

/** A field as one writes it: `nodes[0].kubeadmConfigPatches[1]`. */
export function dotted(field: PropertyKey[]): string {
  return field
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : oneLine(JSON.stringify(value) ?? String(value), 80);
}
