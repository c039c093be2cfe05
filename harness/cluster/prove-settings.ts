import { parse } from "yaml";
import { type ExpectedSetting, expectedSettings } from "../config/expected-settings.ts";
import { type Json, valueAt } from "../config/json.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { type ConfigNode, configNodes, patchesFor } from "../config/nodes.ts";
import { argumentMatches, settingMatches } from "../config/setting-matches.ts";
import { type Unwritten, unwritten } from "../config/written-patches.ts";
import { kubeDocuments } from "../config/yaml.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { flag, type Process, processes } from "../node/processes.ts";
import { BootError, oneLine } from "../support/errors.ts";
import type { ProvedPatch } from "./cluster.ts";
import { type KubeadmConfig, kubectl } from "./kubectl.ts";

/** Where to read what a cluster was given, and what it has. */
export interface SettingSources {
  controlPlane: Node;
  /** What kubeadm wrote down of the whole cluster. */
  cluster: KubeadmConfig;
  /** The kubeadm configuration that a node was given, as YAML documents. */
  kubeadmConfig: (node: string) => Promise<string>;
}

/**
 * Proves every patch of a definition, on each node that it is for: first in the kubeadm configuration that the node was
 * given, then in what lives: arguments in the processes, kubelet settings in its /configz. What no process shows is read
 * back from what kubeadm wrote down. A BootError names the first patch that did not land.
 */
export async function proveSettings(
  definition: ClusterDefinition,
  nodes: readonly Node[],
  sources: SettingSources,
): Promise<ProvedPatch[]> {
  const perNode = await Promise.all(
    nodesInPlace(definition, nodes).map(({ node, place }) => proveNode(definition, node, place, sources)),
  );
  const proved = new Map(perNode.flat().map((patch) => [patch.path, patch]));
  return [...proved.values()];
}

/** kind names nodes by role, in the config's order: control-plane, control-plane2, worker, worker2. */
function nodesInPlace(
  { config }: ClusterDefinition,
  nodes: readonly Node[],
): { node: Node; place: ConfigNode }[] {
  const places = configNodes(config);
  return places.flatMap((place) => {
    const before = places.filter(({ role, index }) => role === place.role && index < place.index).length;
    const node = nodes.filter(({ role }) => role === place.role)[before];
    return node ? [{ node, place }] : [];
  });
}

async function proveNode(
  definition: ClusterDefinition,
  node: Node,
  place: ConfigNode,
  sources: SettingSources,
): Promise<ProvedPatch[]> {
  const patches = patchesFor(definition.patches, place);
  if (patches.length === 0) return [];
  const given = kubeDocuments(await sources.kubeadmConfig(node.name));
  const [missing] = unwritten(given, patches);
  if (missing) throw notGiven(missing, node);

  const expected = expectedSettings(definition, place).filter(
    ({ argument }) => node.role === "control-plane" || !argument || argument.command === "kubelet",
  );
  const live = await Promise.all(
    [...new Set(expected.map(sourceOf))].map(
      async (source) => [source, await read(source, node, sources, given)] as const,
    ),
  );
  const found = new Map(live);
  return expected.map((setting) => prove(setting, found.get(sourceOf(setting)), node));
}

/** What shows a setting: the node's processes, or a kind of document. */
function sourceOf({ kind, argument }: ExpectedSetting): string {
  return argument ? "processes" : kind;
}

async function read(
  source: string,
  node: Node,
  { controlPlane, cluster }: SettingSources,
  given: Json[],
): Promise<unknown> {
  switch (source) {
    case "processes":
      return processes(node);
    case "KubeletConfiguration":
      return kubeletConfiguration(node, controlPlane);
    case "KubeProxyConfiguration":
      return cluster.kubeProxyConfiguration;
    case "ClusterConfiguration":
      return cluster.clusterConfiguration;
    default: // InitConfiguration and JoinConfiguration live only in what kubeadm was given
      return given.find(({ kind }) => kind === source);
  }
}

function notGiven({ path, kind, expected, found }: Unwritten, node: Node): BootError {
  return new BootError(`A patch did not land: ${path}.`, {
    where: `${node.name}, the ${kind} that kubeadm was given`,
    expected: shown(expected),
    found: shown(found),
    remedy: "look at the config: another patch, or the provider, has the last word on this setting",
  });
}

async function kubeletConfiguration(node: Node, controlPlane: Node): Promise<unknown> {
  try {
    const configz = await kubectl(controlPlane, ["get", "--raw", `/api/v1/nodes/${node.name}/proxy/configz`]);
    return (JSON.parse(configz) as { kubeletconfig: unknown }).kubeletconfig;
  } catch {
    // A config may close /configz (enableDebuggingHandlers: false) or the way to it: then the kubelet's own file.
    return parse(await readFile(node, "/var/lib/kubelet/config.yaml"));
  }
}

function prove(setting: ExpectedSetting, source: unknown, node: Node): ProvedPatch {
  const found = setting.argument
    ? argument(setting.argument, source as Process[])
    : valueAt(source, setting.field);
  const landed = setting.argument
    ? argumentMatches(found as string | undefined, setting.value)
    : settingMatches(found, setting.value);
  const [asked, seen] = [shown(setting.value), shown(found)];
  if (landed) return { path: setting.path, asked, found: seen, landed: true };
  throw new BootError(`A patch did not land: ${setting.path}.`, {
    where: `${node.name}, ${setting.argument ? `the arguments of ${setting.argument.command}` : setting.kind}`,
    expected: asked,
    found: seen,
    remedy: "look at the config: another patch, or kubeadm itself, has the last word on this setting",
  });
}

function argument(
  { command, name }: NonNullable<ExpectedSetting["argument"]>,
  live: Process[],
): string | undefined {
  const process = live.find((candidate) => candidate.command === command);
  return process && flag(process, name);
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "(not set)";
  return oneLine(typeof value === "string" ? value : JSON.stringify(value));
}
