import { parse } from "yaml";
import type { Cluster } from "../cluster/cluster.ts";
import { readFile } from "../node/files.ts";
import { flag, processOf } from "../node/processes.ts";
import { EnvironmentError } from "../support/errors.ts";

/**
 * For which requests the API server takes a caller without a credential for `system:anonymous`: for every one, unless
 * `--anonymous-auth` or the `anonymous` part of the file that `--authentication-config` names says less. Where everybody is
 * authorized it lets no one in unnamed (pkg/kubeapiserver/options/authentication.go, ApplyAuthorization).
 */
export async function anonymousRequests(cluster: Cluster): Promise<"all" | "some paths" | "none"> {
  const node = cluster.controlPlane;
  const server = await processOf(node, "kube-apiserver");
  if (!server) throw new EnvironmentError(`No kube-apiserver runs on node ${node.name}.`);
  const modes = flag(server, "authorization-mode") ?? "";
  if (flag(server, "anonymous-auth") === "false" || modes.split(",").includes("AlwaysAllow")) return "none";
  const file = flag(server, "authentication-config");
  if (!file) return "all";
  const { anonymous } = parse(await readFile(node, file)) as {
    anonymous?: { enabled?: boolean; conditions?: unknown[] };
  };
  if (anonymous?.enabled === false) return "none";
  return anonymous?.conditions?.length ? "some paths" : "all";
}
