import { UsageError } from "../errors.ts";
import type { ClusterDefinition } from "./definition.ts";
import { argumentPairs, patchDocuments } from "./patches.ts";

/** The component whose command line an argument list of the kubeadm configuration makes. */
const COMMANDS: Record<string, string> = {
  "apiServer.extraArgs": "kube-apiserver",
  "controllerManager.extraArgs": "kube-controller-manager",
  "scheduler.extraArgs": "kube-scheduler",
  "etcd.local.extraArgs": "etcd",
  "nodeRegistration.kubeletExtraArgs": "kubelet",
};

/** One setting that the patches of a config ask for on one node. */
export interface Asked {
  /** The patch and the field: `kubeadmConfigPatches[0] ClusterConfiguration.etcd.local.extraArgs.client-cert-auth`. */
  path: string;
  kind: string;
  field: string[];
  /** The program whose argument it is, with the argument's name; undefined for all other settings. */
  argument: { command: string; name: string } | undefined;
  /** The wanted value; null asks for its removal. */
  value: unknown;
}

/**
 * What the patches ask for on the node at a place of the config, the later patch winning over the earlier and the
 * node's own over the cluster's, as kind applies them.
 */
export function askedOnNode(definition: ClusterDefinition, place: number, joins: boolean): Asked[] {
  const asked = new Map<string, Asked>();
  for (const patch of patchDocuments(definition)) {
    if (patch.node !== undefined && patch.node !== place) continue;
    if (patch.kind === "InitConfiguration" && joins && patch.node === place)
      throw notReadHere(definition, patch.path);
    if (patch.kind === (joins ? "InitConfiguration" : "JoinConfiguration")) continue;
    for (const setting of settings(patch.kind, patch.body, [])) {
      const name = [setting.kind, ...setting.field].join(".");
      asked.set(name, { ...setting, path: `${patch.path} ${name}` });
    }
  }
  return [...asked.values()];
}

function notReadHere(definition: ClusterDefinition, path: string): UsageError {
  return new UsageError(
    "A patch would never be read: kubeadm reads no InitConfiguration on a node that joins.",
    {
      where: `${definition.path}: ${path}`,
      expected: "kind: JoinConfiguration on every node but the first control plane",
      found: "kind: InitConfiguration",
    },
  );
}

function settings(kind: string, body: Record<string, unknown>, parent: string[]): Omit<Asked, "path">[] {
  return Object.entries(body).flatMap(([key, value]) => {
    if (parent.length === 0 && (key === "kind" || key === "apiVersion" || key === "metadata")) return [];
    const field = [...parent, key];
    const command = COMMANDS[field.join(".")];
    if (command) {
      return argumentPairs(value).map(([name, text]) => ({
        kind,
        field: [...field, name],
        argument: { command, name },
        value: text,
      }));
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return settings(kind, value as Record<string, unknown>, field);
    }
    return [{ kind, field, argument: undefined, value }];
  });
}
