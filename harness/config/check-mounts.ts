import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../support/errors.ts";
import type { ClusterDefinition } from "./kind-config.ts";

/**
 * Refuses a mount of what is not there: an engine makes an empty directory in its place, in silence. A relative path starts
 * where the user is, as kind resolves it (kind 0.33, providers/docker/provision.go).
 * @throws UsageError
 */
export function checkMounts({ config, path }: Pick<ClusterDefinition, "config" | "path">): void {
  for (const [index, { extraMounts = [] }] of (config.nodes ?? []).entries()) {
    for (const [at, { hostPath, containerPath }] of extraMounts.entries()) {
      if (hostPath && containerPath && existsSync(resolve(hostPath))) continue;
      const missing = !hostPath ? "hostPath" : "containerPath";
      throw new UsageError(`A mount cannot be made: nodes[${index}].extraMounts[${at}].`, {
        where: path,
        expected:
          hostPath && containerPath
            ? `a file or directory that is there${resolve(hostPath) === hostPath ? "" : `; a relative path starts at ${process.cwd()}`}`
            : "hostPath and containerPath",
        found:
          hostPath && containerPath
            ? `hostPath: ${hostPath}, which does not exist${resolve(hostPath) === hostPath ? "" : `: ${resolve(hostPath)}`}`
            : `no ${missing}`,
      });
    }
  }
}
