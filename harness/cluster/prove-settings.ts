import { expectedSettings, withPatch } from "../config/expected-settings.ts";
import { fieldsOfKinds } from "../config/fields.ts";
import type { Json } from "../config/json.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { isSecretName } from "../config/named-secrets.ts";
import { type ConfigNode, patchesFor } from "../config/nodes.ts";
import { kubeletPatches } from "../config/patch-directory.ts";
import type { KubernetesVersion } from "../config/version.ts";
import { type Unwritten, unwritten } from "../config/written-patches.ts";
import { kubeDocuments } from "../config/yaml.ts";
import { registerSecretsIn } from "../identity/register.ts";
import type { Node } from "../node/node.ts";
import { BootError } from "../support/errors.ts";
import { redactAll } from "../support/secrets/registry.ts";
import type { ProvedPatch } from "./cluster.ts";
import { LiveNode } from "./live-node.ts";
import { nodesInPlace } from "./nodes-in-place.ts";
import { type ProvedSetting, shown } from "./proof.ts";
import { proveContainerd } from "./prove-containerd.ts";
import { proveKindFields } from "./prove-kind-fields.ts";
import { proveSetting } from "./prove-setting.ts";

/** Where to read what a cluster was given, and what it has. */
export interface SettingSources {
  controlPlane: Node;
  version: KubernetesVersion;
  /** The kubeadm configuration that a node was given, as YAML documents. */
  kubeadmConfig: (node: Node) => Promise<string>;
}

/**
 * Proves everything that a definition asks for, on each node that it is for: patches first in the kubeadm configuration
 * that the node was given, then in what lives: arguments in the processes, settings in the components' own words.
 * @throws BootError for the first setting that the live cluster contradicts.
 */
export async function proveSettings(
  definition: ClusterDefinition,
  nodes: readonly Node[],
  sources: SettingSources,
): Promise<ProvedPatch[]> {
  const places = nodesInPlace(definition, nodes);
  const [first] = places.filter(({ place }) => !place.joins);
  const ofCluster = first ? await given(definition, first.node, first.place, sources) : [];
  const perNode = await Promise.all(
    places.map(({ node, place }) => proveNode(definition, node, place, ofCluster, sources)),
  );
  return inOne(perNode.flat());
}

/** The documents that a node was given; none are read where no patch speaks of them. */
async function given(
  { patches }: ClusterDefinition,
  node: Node,
  place: ConfigNode,
  { kubeadmConfig }: SettingSources,
): Promise<Json[]> {
  if (patchesFor(patches, place).length === 0) return [];
  const text = await kubeadmConfig(node);
  registerSecretsIn(text);
  return kubeDocuments(text);
}

async function proveNode(
  definition: ClusterDefinition,
  node: Node,
  place: ConfigNode,
  ofCluster: readonly Json[],
  sources: SettingSources,
): Promise<ProvedSetting[]> {
  const own = place.joins ? await given(definition, node, place, sources) : ofCluster;
  const [missing] = unwritten(own, patchesFor(definition.patches, place));
  if (missing) throw notGiven(missing, node);

  // What a node that joins takes from the cluster is what the first control plane was given.
  const read = [...own.filter(({ kind }) => kind === "JoinConfiguration"), ...ofCluster];
  const settings = kubeletPatches(definition, place)
    .reduce((expected, patch) => withPatch(expected, patch), expectedSettings(definition, place, read))
    .filter(({ argument }) => node.role === "control-plane" || !argument || argument.command === "kubelet");
  const asked = { settings, given: read, fields: fieldsOfKinds(sources.version.minor) };
  const live = new LiveNode(node, sources.controlPlane);
  const proved = settings.map(async (setting) =>
    withoutSecret({
      path: setting.path,
      asked: shown(setting.value),
      where: setting.where,
      node: node.name,
      proof: await proveSetting(setting, live, asked),
    }),
  );
  const others = [proveKindFields(definition, place, live), proveContainerd(definition, live)];
  return [...(await Promise.all(proved)), ...(await Promise.all(others)).flat().map(redactAll)];
}

/** A setting that is a secret by its name is proved like any other, and shown without its value. */
function withoutSecret(setting: ProvedSetting): ProvedSetting {
  if (!isSecretName(setting.path)) return redactAll(setting);
  return { ...setting, asked: "[secret]", proof: { ...setting.proof, found: "[secret]" } };
}

/** One result for each setting: seen in force where it was seen on every node. */
export function inOne(all: readonly ProvedSetting[]): ProvedPatch[] {
  return [...Map.groupBy(all, ({ path }) => path).values()].map((settings) => {
    for (const { path, asked, node, proof } of settings) {
      if (proof.state === "contradicted") throw contradicted(path, asked, node, proof);
    }
    const proofs = settings.map(({ proof }) => proof);
    const [{ path, asked, where } = { path: "", asked: "" }] = settings;
    const place = { path, ...(where === undefined ? {} : { where }), asked };
    const found = [...new Set(proofs.map(({ found }) => found))].join("; ");
    const unseen = proofs.find((proof) => proof.state === "not-provable");
    if (unseen?.state !== "not-provable") return { ...place, found, landed: true, state: "landed" };
    return { ...place, found, landed: false, state: "not-provable", why: unseen.why };
  });
}

function notGiven({ path, kind, expected, found }: Unwritten, node: Node): BootError {
  return new BootError(`A patch did not land: ${path}.`, {
    where: `${node.name}, the ${kind} that kubeadm was given`,
    expected: shown(expected),
    found: shown(found),
    remedy: "look at the config: another patch, or the provider, has the last word on this setting",
  });
}

function contradicted(
  path: string,
  asked: string,
  node: string,
  { found, where }: { found: string; where: string },
): BootError {
  return new BootError(`A setting did not land: ${path}.`, {
    where: `${node}, ${where}`,
    expected: asked,
    found,
    remedy: "look at the config: another patch, or kubeadm itself, has the last word on this setting",
  });
}
