import type { V1BoundObjectReference, V1Pod } from "@kubernetes/client-node";
import { readFile } from "../node/files.ts";
import type { Api } from "../probe/api.ts";
import { type Exchange, mapAnswer } from "../probe/outcome.ts";
import { until } from "../support/until.ts";
import type { Lab } from "./lab.ts";

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
  return mapAnswer(exchange, ({ status }) => ({ data: status?.token ?? "", summary: "a token" }));
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
