import { parse } from "yaml";
import type { Node } from "../node/node.ts";
import { flag, readFileOf } from "../node/processes.ts";
import { processOn } from "./endpoints.ts";

/** Whether an API server counts a request without a credential as `system:anonymous`, and on which paths only. */
export interface AnonymousRequests {
  enabled: boolean;
  /** Every path unless given. */
  paths?: string[];
}

/**
 * The live setting of the API server on a node: `--anonymous-auth`, and the `anonymous` part of the file that
 * `--authentication-config` names. Where everybody is authorized, no request is let in unnamed
 * (pkg/kubeapiserver/options/authentication.go, ApplyAuthorization).
 */
export async function anonymousRequests(node: Node): Promise<AnonymousRequests> {
  const process = await processOn(node, "kube-apiserver");
  const modes = flag(process, "authorization-mode")?.split(",") ?? [];
  if (flag(process, "anonymous-auth") === "false" || modes.includes("AlwaysAllow")) return { enabled: false };
  const file = flag(process, "authentication-config");
  if (!file) return { enabled: true };
  const { anonymous } = parse(await readFileOf(node, process, file)) as {
    anonymous?: { enabled?: boolean; conditions?: { path: string }[] };
  };
  const paths = anonymous?.conditions?.map((condition) => condition.path);
  return { enabled: anonymous?.enabled !== false, ...(paths?.length ? { paths } : {}) };
}
