import { checkFields } from "../config/check-fields.ts";
import { checkKubeletName } from "../config/check-kubelet-name.ts";
import { checkMounts } from "../config/check-mounts.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { DEFAULT_KUBERNETES, KubernetesVersion } from "../config/version.ts";
import { versionOfOwnImage } from "./node-image.ts";

/**
 * Refuses, before anything is built or booted, what could not boot or would not be in force at the version that is wanted.
 * @throws UsageError
 */
export function checkConfig(definition: ClusterDefinition, kubernetes: string | undefined): void {
  checkMounts(definition);
  checkKubeletName(definition);
  const wanted = kubernetes ?? versionOfOwnImage(definition) ?? DEFAULT_KUBERNETES;
  const [, minor] = /^v?1\.(\d+)/.exec(wanted) ?? [];
  const version = minor === undefined ? undefined : new KubernetesVersion(`1.${minor}.0`);
  if (version) checkFields(definition, version);
}
