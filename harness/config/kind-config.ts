import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { oneLine, UsageError } from "../support/errors.ts";
import type { KindConfig } from "./kind-schema.ts";
import { registerNamedSecrets } from "./named-secrets.ts";
import { parseKindConfig } from "./parse-kind-config.ts";
import { type KubeadmPatch, parsePatches } from "./patches.ts";
import { checkNodePatches } from "./unread-patches.ts";

/** A cluster as its file asks for it. */
export interface ClusterDefinition {
  /** The file's name without ending: `default`. It names the run in reports. */
  title: string;
  /** The file, as the user named it. */
  path: string;
  config: KindConfig;
  /** Its kubeadm patches, parsed and checked, in the order in which kind applies them: the cluster's, then each node's. */
  patches: readonly KubeadmPatch[];
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
  return parseDefinition(text, path);
}

/** The definition in the text of a kind config file; `path` names it, and is not read. Throws as `loadDefinition`. */
export function parseDefinition(text: string, path: string): ClusterDefinition {
  registerNamedSecrets(text);
  const { config, locate } = parseKindConfig(text, path);
  const patches = parsePatches(config, locate);
  const definition = { title: basename(path).replace(/\.ya?ml$/, ""), path, config, patches };
  checkNodePatches(definition);
  return definition;
}
