import type { V1BoundObjectReference, V1Pod, V1TokenReview } from "@kubernetes/client-node";
import { argumentOf } from "../cluster/endpoints.ts";
import { byToken } from "../identity/index.ts";
import { readFile } from "../node/files.ts";
import type { Api } from "../probe/api.ts";
import type { Exchange } from "../probe/outcome.ts";
import { whoAmI } from "../probe/reviews.ts";
import { until } from "../support/until.ts";
import type { Lab } from "./lab.ts";

/**
 * Asks the API server who the bearer of a token is. To the bearer a refusal says "Unauthorized" and no more; the reason
 * is what the same API server tells the administrator in a TokenReview.
 */
export async function authenticate(lab: Lab, token: string, label?: string): Promise<Exchange> {
  const exchange = await whoAmI(lab.api(byToken(token, label)));
  if (exchange.outcome.kind !== "refused") return exchange;
  const { authentication } = (await lab.admin()).clients;
  const review: V1TokenReview = await authentication.createTokenReview({ body: { spec: { token } } });
  return { ...exchange, outcome: { ...exchange.outcome, reason: review.status?.error ?? "no reason given" } };
}

export interface TokenWanted {
  name: string;
  namespace: string;
  expirationSeconds?: number;
  boundTo?: V1BoundObjectReference;
}

/** Requests a token for a service account (TokenRequest). The data is the token. */
export async function tokenRequest(
  api: Api,
  { name, namespace, expirationSeconds, boundTo }: TokenWanted,
): Promise<Exchange> {
  const spec = {
    audiences: [],
    ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
    ...(boundTo ? { boundObjectRef: boundTo } : {}),
  };
  const { outcome, ...exchange } = await api.call(async ({ core }) => {
    const { status } = await core.createNamespacedServiceAccountToken({ name, namespace, body: { spec } });
    return status?.token;
  });
  return {
    ...exchange,
    outcome: outcome.kind === "accepted" ? { ...outcome, summary: "a token" } : outcome,
  };
}

/** A hand-made Secret of type kubernetes.io/service-account-token, into which the controller manager writes a token. */
export async function legacyToken(
  lab: Lab,
  account: { name: string; namespace: string },
): Promise<{ secret: string; token: string }> {
  const { core } = (await lab.admin()).clients;
  const { namespace } = account;
  const secret = lab.unique("legacy");
  lab.cleanup(() => core.deleteNamespacedSecret({ name: secret, namespace }).catch(() => {}));
  await core.createNamespacedSecret({
    namespace,
    body: {
      metadata: { name: secret, annotations: { "kubernetes.io/service-account.name": account.name } },
      type: "kubernetes.io/service-account-token",
    },
  });
  const token = await until(
    `the controller manager to write a token into secret ${secret}`,
    async () => (await core.readNamespacedSecret({ name: secret, namespace })).data?.token,
    { timeoutMs: 15_000 },
  );
  return { secret, token: Buffer.from(token, "base64").toString() };
}

/** The keys of the API server for service account tokens: the one that signs, and those by which it verifies, as PEM. */
export async function tokenKeys(lab: Lab): Promise<{ signing: string; verifying: string }> {
  const file = (name: string) =>
    argumentOf(lab.node, "kube-apiserver", name).then((path) => lab.credentials.file(path ?? ""));
  const [signing, verifying] = await Promise.all([
    file("service-account-signing-key-file"),
    file("service-account-key-file"),
  ]);
  return { signing, verifying };
}

/** A pod of kube-system on the first control plane, such as kube-proxy's, and the token that its kubelet has put into it. */
export async function podWithToken(lab: Lab): Promise<{ pod: V1Pod; token: string }> {
  // The first such pod starts when the node is Ready, and that is when the first claims run.
  const { pod, volume } = await until(`a running pod on ${lab.node.name} with a token`, () =>
    mountingToken(lab),
  );
  const directory = `/var/lib/kubelet/pods/${pod.metadata?.uid}/volumes/kubernetes.io~projected`;
  return { pod, token: await readFile(lab.node, `${directory}/${volume}/token`) };
}

async function mountingToken(lab: Lab): Promise<{ pod: V1Pod; volume: string } | undefined> {
  const { core } = (await lab.admin()).clients;
  const fieldSelector = `spec.nodeName=${lab.node.name}`;
  const { items } = await core.listNamespacedPod({ namespace: "kube-system", fieldSelector });
  return items
    .filter(({ status }) => status?.phase === "Running")
    .flatMap((pod) =>
      (pod.spec?.volumes ?? [])
        .filter(({ projected }) => projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken))
        .map(({ name }) => ({ pod, volume: name })),
    )[0];
}
