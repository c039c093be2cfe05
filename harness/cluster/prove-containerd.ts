import { fieldOf } from "../config/json.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { flag, type Process } from "../node/processes.ts";
import type { LiveNode } from "./live-node.ts";
import { notProvable, type Proof, type ProvedSetting, seen, shown } from "./proof.ts";

/** A patch of containerd's configuration, as TOML; undefined where it has no such form. */
interface Patch {
  path: string;
  asked: string;
  toml: string | undefined;
}

/** What containerd makes of a configuration: every setting, defaults included, and the keys that it does not know. */
interface Effective {
  /** `plugins.'io.containerd.cri.v1.images'.registry.config_path` → `'/etc/containerd/certs.d'` */
  settings: Map<string, string>;
  ignored: string[];
}

/**
 * Proves the patches of containerd's configuration on one node, in containerd's own words: `containerd config dump` prints
 * what a file comes to, moved to the newest version of the configuration and with every default. What it prints of a patch
 * alone, and not of an empty file, is what the patch asks for.
 */
export async function proveContainerd(
  { config }: ClusterDefinition,
  live: LiveNode,
): Promise<ProvedSetting[]> {
  const patches = patchesOf(config);
  if (patches.length === 0) return [];
  const { node } = live;
  const process = await live.process("containerd");
  const file = (process && flag(process, "config")) ?? "/etc/containerd/config.toml";
  const text = await readFile(node, file);
  const version = versionIn(text) ?? "1";
  const inIts = (toml: string) => (versionIn(toml) ? toml : `version = ${version}\n${toml}`);
  const [inForce, empty, stale, ...alone] = await Promise.all([
    effective(node, text),
    effective(node, inIts("")),
    !process || isOlder(node, process, file),
    ...patches.map(({ toml }) => effective(node, inIts(toml ?? ""))),
  ]);
  const asked = alone.map(({ settings }, at) =>
    [...settings].filter(
      ([key, value]) => empty.settings.get(key) !== value && patches[at]?.toml?.includes(nameOf(key)),
    ),
  );
  return patches.map(({ path, asked: words, toml }, at) => {
    const later = new Set(asked.slice(at + 1).flatMap((settings) => settings.map(([key]) => key)));
    const settings = asked[at]?.filter(([key]) => !later.has(key)) ?? [];
    const own = toml && versionIn(toml);
    const proof = own && own !== version ? skipped(version) : proofOf(settings, alone[at], inForce, stale);
    return { path, asked: words, node: node.name, proof };
  });
}

function skipped(version: string): Proof {
  return seen(
    false,
    `version ${version}`,
    "containerd's configuration; kind skips a patch of another version",
  );
}

function proofOf(
  settings: [string, string][],
  alone: Effective | undefined,
  { settings: inForce }: Effective,
  stale: boolean,
): Proof {
  const [unknown] = alone?.ignored ?? [];
  if (unknown)
    return seen(false, `containerd ignores the unknown key ${unknown}`, "containerd's own warning");
  if (settings.length === 0) return notProvable(undefined, "it asks for nothing but containerd's defaults");
  const missing = settings.find(([key, value]) => inForce.get(key) !== value)?.[0];
  const words = settings.map(([key, value]) => `${nameOf(key)} = ${value}`).join(", ");
  if (missing) return seen(false, `${missing} = ${inForce.get(missing)}`, "`containerd config dump`");
  return stale
    ? notProvable(words, "containerd was started before its configuration file was written")
    : seen(true, words, "");
}

type Config = ClusterDefinition["config"];

function patchesOf({ containerdConfigPatches = [], containerdConfigPatchesJSON6902 = [] }: Config): Patch[] {
  return [
    ...containerdConfigPatches.map((toml, at) => ({
      path: `containerdConfigPatches[${at}]`,
      asked: shown(toml),
      toml,
    })),
    ...containerdConfigPatchesJSON6902.map((patch, at) => ({
      path: `containerdConfigPatchesJSON6902[${at}]`,
      asked: shown(patch),
      toml: tomlOf(patch),
    })),
  ];
}

/** The operations of a JSON patch as TOML, where each sets a plain value in a table. */
function tomlOf(patch: string): string | undefined {
  const operations = JSON.parse(patch) as { op: string; path: string; value?: unknown }[];
  const tables = operations.map(({ op, path, value }) => {
    const keys = fieldOf(path).map((key) => JSON.stringify(key));
    const plain = op !== "remove" && (typeof value !== "object" || Array.isArray(value));
    const table = keys.length > 1 ? `[${keys.slice(0, -1).join(".")}]\n` : "";
    return plain ? `${table}${keys.at(-1)} = ${JSON.stringify(value)}` : undefined;
  });
  return tables.every((table) => table !== undefined) ? tables.join("\n") : undefined;
}

/** The configuration's version, which stands before the first table. */
function versionIn(toml: string): string | undefined {
  return /^\s*version\s*=\s*(\d+)/m.exec(toml.split(/^\s*\[/m)[0] ?? "")?.[1];
}

const DUMP =
  'file=$(mktemp) && cat >"$file" && containerd --config "$file" config dump; code=$?; rm "$file"; exit $code';

async function effective(node: Node, toml: string): Promise<Effective> {
  const { stdout, stderr } = await node.transport.exec(["bash", "-c", DUMP], {
    input: toml,
    timeoutMs: 30_000,
  });
  const ignored = stderr.split("\n").flatMap((line) => {
    const [, key] = /Ignoring unknown key in TOML.*? key="?([^"]+?)"?(?: \w+=|$)/.exec(line) ?? [];
    return key ? [key] : [];
  });
  return { settings: settingsIn(stdout), ignored };
}

/** The settings in what `containerd config dump` prints: tables, each with a line for each of its keys. */
export function settingsIn(dump: string): Map<string, string> {
  const settings = new Map<string, string>();
  let table = "";
  for (const line of dump.split("\n").map((line) => line.trim())) {
    const [, opened] = /^\[+(.+?)\]+$/.exec(line) ?? [];
    const [, key, value] = /^([^=[\s]+) = (.*)$/.exec(line) ?? [];
    if (opened !== undefined) table = `${opened}.`;
    else if (key !== undefined && value !== undefined) settings.set(`${table}${key}`, value);
  }
  return settings;
}

function nameOf(key: string): string {
  return (key.split(".").at(-1) ?? key).replace(/^['"]|['"]$/g, "");
}

/** Whether a process was started before a file was written. */
async function isOlder(node: Node, { pid }: Process, file: string): Promise<boolean> {
  const times = 'echo $(( $(date +%s) - $(ps -o etimes= -p "$1") )) "$(stat -c %Y "$2")"';
  const [started = 0, written = 0] = (await node.run(["bash", "-c", times, "times", String(pid), file]))
    .split(" ")
    .map(Number);
  return started + 1 < written;
}
