import { checkFields } from "../config/check-fields.ts";
import { checkKubeletName } from "../config/check-kubelet-name.ts";
import { checkMounts } from "../config/check-mounts.ts";
import type { ClusterDefinition } from "../config/kind-config.ts";
import { KubernetesVersion } from "../config/version.ts";

/**
 * Refuses, before anything is built or booted, what could not boot or would not be in force at the version that is wanted.
 * @param wanted a version, or a minor
 * @throws UsageError
 */
export function checkConfig(definition: ClusterDefinition, wanted: string): void {
  checkMounts(definition);
  checkKubeletName(definition);
  const [, minor] = /^v?1\.(\d+)/.exec(wanted) ?? [];
  const version = minor === undefined ? undefined : new KubernetesVersion(`1.${minor}.0`);
  if (version) checkFields(definition, version);
}
