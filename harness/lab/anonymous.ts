import { parse } from "yaml";
import type { Cluster } from "../cluster/cluster.ts";
import { argumentOf } from "../cluster/endpoints.ts";
import { readFile } from "../node/files.ts";

/**
 * For which requests the API server takes a caller without a credential for `system:anonymous`: for every one, unless
 * `--anonymous-auth` or the `anonymous` part of the file that `--authentication-config` names says less.
 */
export async function anonymousRequests(cluster: Cluster): Promise<"all" | "some paths" | "none"> {
  const node = cluster.controlPlane;
  if ((await argumentOf(node, "kube-apiserver", "anonymous-auth")) === "false") return "none";
  const file = await argumentOf(node, "kube-apiserver", "authentication-config");
  if (!file) return "all";
  const { anonymous } = parse(await readFile(node, file)) as {
    anonymous?: { enabled?: boolean; conditions?: unknown[] };
  };
  if (anonymous?.enabled === false) return "none";
  return anonymous?.conditions?.length ? "some paths" : "all";
}
