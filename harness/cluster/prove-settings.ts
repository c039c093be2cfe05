import { parse, parseAllDocuments } from "yaml";
import { type ExpectedSetting, expectedSettings } from "../config/expected-settings.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { argumentMatches, settingMatches } from "../config/setting-matches.ts";
import { readFile } from "../node/files.ts";
import type { Node, NodeRole } from "../node/node.ts";
import { flag, type Process, processes } from "../node/processes.ts";
import { BootError, oneLine } from "../support/errors.ts";
import type { ProvedPatch } from "./cluster.ts";
import { type KubeadmConfig, kubectl } from "./kubectl.ts";

/**
 * Proves every patch of a definition in what lives: arguments in the processes, kubelet settings in its /configz. What no
 * process shows is read back from what kubeadm wrote down. A BootError names the first patch that did not land.
 */
export async function provePatches(
  definition: ClusterDefinition,
  nodes: readonly Node[],
  live: Live,
): Promise<ProvedPatch[]> {
  const perNode = await Promise.all(
    nodesInPlace(definition, nodes).map((place) => proveNode(definition, place, live)),
  );
  const proved = new Map(perNode.flat().map((patch) => [patch.path, patch]));
  return [...proved.values()];
}

/** Where to ask about the whole cluster. */
interface Live {
  controlPlane: Node;
  /** What kubeadm wrote down. */
  written: KubeadmConfig;
  /** The text of the kubeadm configuration that a node was given. */
  kubeadmConfig: (node: string) => Promise<string>;
}

/** A node as the config describes it. */
interface Place {
  /** Its place in the config. */
  index: number;
  role: NodeRole;
  /** Whether it joins what another node has begun: all but the first control plane. */
  joins: boolean;
}

interface NodeInPlace extends Place {
  node: Node;
}

function placesOf({ config }: ClusterDefinition): Place[] {
  const roles = (config.nodes ?? [{}]).map(({ role }) => role ?? "control-plane");
  return roles.map((role, index) => ({ index, role, joins: index !== roles.indexOf("control-plane") }));
}

/** kind names nodes by role, in the config's order: control-plane, control-plane2, worker, worker2. */
function nodesInPlace(definition: ClusterDefinition, nodes: readonly Node[]): NodeInPlace[] {
  const places = placesOf(definition);
  return places.flatMap((place) => {
    const before = places.filter(({ role, index }) => role === place.role && index < place.index).length;
    const node = nodes.filter(({ role }) => role === place.role)[before];
    return node ? [{ ...place, node }] : [];
  });
}

/** Checks every patch of a definition before a boot; a UsageError says which one could never land, and where. */
export function checkPatches(definition: ClusterDefinition): void {
  for (const { index, joins } of placesOf(definition)) expectedSettings(definition, index, joins);
}

async function proveNode(
  definition: ClusterDefinition,
  place: NodeInPlace,
  live: Live,
): Promise<ProvedPatch[]> {
  const asked = expectedSettings(definition, place.index, place.joins);
  if (asked.length === 0) return [];
  const looks = await Promise.all(
    [...new Set(asked.map(({ kind, argument }) => (argument ? "processes" : kind)))].map(
      async (source) => [source, await look(source, place.node, live)] as const,
    ),
  );
  const sources = new Map(looks);
  return asked
    .filter(
      ({ argument }) => place.node.role === "control-plane" || !argument || argument.command === "kubelet",
    )
    .map((setting) => prove(setting, sources.get(setting.argument ? "processes" : setting.kind), place.node));
}

/** What there is to see of one kind of setting on a node. */
async function look(
  source: string,
  node: Node,
  { controlPlane, written, kubeadmConfig }: Live,
): Promise<unknown> {
  switch (source) {
    case "processes":
      return processes(node);
    case "KubeletConfiguration":
      return kubeletConfiguration(node, controlPlane);
    case "KubeProxyConfiguration":
      return written.kubeProxyConfiguration;
    case "ClusterConfiguration":
      return written.clusterConfiguration;
    default: // InitConfiguration and JoinConfiguration live only in the file that kubeadm was given
      return [parseAllDocuments(await kubeadmConfig(node.name))]
        .flat()
        .map((document) => document.toJS() as { kind?: string } | null)
        .find((document) => document?.kind === source);
  }
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
    : field(source, setting.field);
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

function field(source: unknown, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], source);
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "(not set)";
  return oneLine(typeof value === "string" ? value : JSON.stringify(value));
}
