import type { Identity } from "../identity/index.ts";
import { readKubelet } from "./answers.ts";
import { https } from "./http.ts";
import type { Exchange } from "./outcome.ts";
import type { Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";

/** GETs a path of a kubelet's API: `/pods`, `/metrics`, `/configz`, `/healthz`. */
export function kubeletGet(
  vantage: Vantage,
  target: Target,
  as: Identity,
  path: string,
): Promise<Exchange<string>> {
  return https(vantage, target, as, { path }, readKubelet);
}

/** Runs a command in a container through the kubelet, as `kubectl exec` does from the API server. */
export function kubeletRun(
  vantage: Vantage,
  target: Target,
  as: Identity,
  {
    namespace,
    pod,
    container,
    command,
  }: { namespace: string; pod: string; container: string; command: string },
): Promise<Exchange<string>> {
  const path = `/run/${namespace}/${pod}/${container}?cmd=${encodeURIComponent(command)}`;
  return https(vantage, target, as, { method: "POST", path }, readKubelet);
}
