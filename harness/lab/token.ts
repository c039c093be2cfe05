import type { V1BoundObjectReference } from "@kubernetes/client-node";
import type { Api } from "../probe/api.ts";
import { type Exchange, mapAnswer } from "../probe/outcome.ts";
import { registerSecret } from "../support/secrets/registry.ts";

export interface TokenWanted {
  name: string;
  namespace: string;
  expirationSeconds?: number;
  boundTo?: V1BoundObjectReference;
}

/** Requests a token for a service account (TokenRequest). */
export async function tokenRequest(
  api: Api,
  { name, namespace, expirationSeconds, boundTo }: TokenWanted,
): Promise<Exchange<string>> {
  const spec = {
    audiences: [],
    ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
    ...(boundTo ? { boundObjectRef: boundTo } : {}),
  };
  const exchange = await api.call(({ core }) =>
    core.createNamespacedServiceAccountToken({ name, namespace, body: { spec } }),
  );
  return mapAnswer(exchange, ({ status }) => {
    const token = status?.token ?? "";
    registerSecret(token);
    return { data: token, summary: "a token" };
  });
}

/** A token that is requested for a service account. Throws where the API server refuses. */
export async function issuedToken(api: Api, wanted: TokenWanted): Promise<string> {
  const { outcome } = await tokenRequest(api, wanted);
  if (outcome.kind === "accepted") return outcome.data;
  throw new Error(`no token for service account ${wanted.name}: ${outcome.reason}`);
}
