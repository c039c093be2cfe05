import type { Api } from "./api.ts";
import type { Exchange } from "./outcome.ts";

/** Patches an object with a JSON merge patch (RFC 7386): `mergePatch(api, "/api/v1/nodes/NAME", {...})`. */
export function mergePatch(api: Api, path: string, body: unknown): Promise<Exchange> {
  return api.request({
    method: "PATCH",
    path,
    headers: { "content-type": "application/merge-patch+json" },
    body,
  });
}
