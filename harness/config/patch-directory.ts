import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { LineCounter, parseAllDocuments } from "yaml";
import { UsageError } from "../support/errors.ts";
import { expectedSettings } from "./expected-settings.ts";
import { isObject } from "./json.ts";
import type { ClusterDefinition } from "./kind-config.ts";
import { registerNamedSecrets } from "./named-secrets.ts";
import type { ConfigNode } from "./nodes.ts";
import type { KubeadmPatch, Operation } from "./patches.ts";
import { KUBE_YAML, plain } from "./yaml.ts";

/** What kubeadm patches by a file that begins with the target's name (kubeadm, app/util/patches/patches.go). */
const TARGETS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubeletconfiguration",
  "corednsdeployment",
];
const NAME = new RegExp(`^(${TARGETS.join("|")})[^.+]*(?:\\+(strategic|merge|json))?\\.(?:json|yaml)$`);

/**
 * The patches of a node's kubelet configuration in the directory that its kubeadm configuration names (`patches.directory`),
 * where a mount of the config puts it on the node: they count on that node only, after all others.
 * @throws UsageError for a file that kubeadm would ignore.
 */
export function kubeletPatches(definition: ClusterDefinition, node: ConfigNode): KubeadmPatch[] {
  const directory = directoryOf(definition, node);
  if (!directory || !existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((file) => patchesIn(file, node));
}

/** Where on this machine a node's patch directory is; undefined where it names none, or no mount has it. */
function directoryOf(definition: ClusterDefinition, node: ConfigNode): string | undefined {
  const settings = expectedSettings(definition, node);
  const named = settings.find(({ field }) => field.join(".") === "patches.directory")?.value;
  if (typeof named !== "string") return undefined;
  for (const { hostPath, containerPath } of definition.config.nodes?.[node.index]?.extraMounts ?? []) {
    if (!hostPath || !containerPath) continue;
    const below = posix.relative(containerPath, named);
    if (!below.startsWith("..")) return join(resolve(hostPath), below);
  }
  return undefined;
}

function patchesIn(file: string, { index }: ConfigNode): KubeadmPatch[] {
  const [, target, type] = NAME.exec(file.split("/").at(-1) ?? "") ?? [];
  if (!target) {
    throw new UsageError("kubeadm would ignore a file of a patch directory.", {
      where: file,
      expected: `a name such as kubeletconfiguration.yaml or etcd0+json.yaml: one of ${TARGETS.join(", ")}, perhaps with +strategic, +merge or +json`,
      found: file.split("/").at(-1) ?? file,
    });
  }
  if (target !== "kubeletconfiguration") return [];
  const text = readFileSync(file, "utf8");
  registerNamedSecrets(text);
  const lines = new LineCounter();
  const place = { path: file, where: file, node: index, kind: "KubeletConfiguration" };
  return [parseAllDocuments(text, { ...KUBE_YAML, lineCounter: lines })]
    .flat()
    .flatMap((document): KubeadmPatch[] => {
      const body = plain(
        document,
        text,
        lines,
        (found, { line }) =>
          new UsageError("A file of a patch directory is not YAML.", { where: `${file}:${line}`, found }),
      );
      if (type === "json") return Array.isArray(body) ? [{ ...place, operations: body as Operation[] }] : [];
      return isObject(body) ? [{ ...place, body }] : [];
    });
}
