import { registerSecretObject, type SecretObject } from "../identity/register.ts";
import type { Node } from "../node/node.ts";
import { registerSecretsOf } from "../node/secrets.ts";
import { kubectl } from "./kubectl.ts";

/**
 * Registers every secret of a cluster's nodes and every Secret of its API: what logs and evidence must not hold. Returns what
 * could not be read, a line each: of a cluster that did not boot, a node may be down, or the API.
 */
export async function registerSecretsOfCluster(nodes: readonly Node[]): Promise<string[]> {
  const controlPlane = nodes.find(({ role }) => role === "control-plane");
  const read = await Promise.allSettled([
    ...nodes.map(registerSecretsOf),
    ...(controlPlane ? [registerSecretsOfApi(controlPlane)] : []),
  ]);
  return read.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
}

async function registerSecretsOfApi(controlPlane: Node): Promise<void> {
  const { items } = JSON.parse(
    await kubectl(controlPlane, ["get", "secrets", "-A", "-o", "json", "--request-timeout", "10s"]),
  ) as { items: SecretObject[] };
  for (const secret of items) registerSecretObject(secret);
}
