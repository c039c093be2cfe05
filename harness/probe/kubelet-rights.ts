import type { KubernetesVersion } from "../config/version.ts";
import { literally } from "./refusals.ts";

/** Paths with a subresource of `nodes` of their own; every other is `proxy` (pkg/kubelet/server/auth.go). */
const OWN: Record<string, string> = {
  "/stats": "stats",
  "/metrics": "metrics",
  "/logs": "log",
  "/checkpoint": "checkpoint",
};

/** Paths whose own subresource is tried before `proxy` (KEP-2862: feature gate KubeletFineGrainedAuthz, on since 1.33). */
const FINE_GRAINED: Record<string, string> = {
  "/pods": "pods",
  "/runningpods": "pods",
  "/healthz": "healthz",
  "/configz": "configz",
};

/** The subresources of `nodes` of which one is the right to a path of a kubelet's API, in the order in which it asks. */
function subresources(version: KubernetesVersion, path: string): string[] {
  const first = /^\/[^/?]*/.exec(path)?.[0] ?? "";
  const fine = version.atLeast("1.33") ? FINE_GRAINED[first] : undefined;
  return [...(fine ? [fine] : []), OWN[first] ?? "proxy"];
}

/**
 * What a kubelet says to somebody who lacks the right to a path: `Forbidden (user=…, verb=get, resource=nodes,
 * subresource(s)=[pods proxy])`. To 1.31 it asked for one subresource, and named it without the brackets
 * (pkg/kubelet/server/server.go, kubernetes/kubernetes#126347).
 */
export function missingRight(version: KubernetesVersion, verb: string, path: string, user?: string): RegExp {
  const rights = subresources(version, path).join(" ");
  const named = version.atLeast("1.32") ? `subresource\\(s\\)=\\[${rights}\\]` : `subresource=${rights}`;
  const who = user === undefined ? ".*" : literally(user);
  return new RegExp(`^Forbidden \\(user=${who}, verb=${verb}, resource=nodes, ${named}\\)$`);
}
