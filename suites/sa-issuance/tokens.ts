import type { Lab } from "../../harness/index.ts";
import { type Node, readFile } from "../../harness/nodes.ts";
import { until, type V1Pod } from "../../harness/probes.ts";

/** A hand-made Secret of type kubernetes.io/service-account-token, into which the controller manager writes a token. */
export async function legacyToken(
  lab: Lab,
  account: { name: string; namespace: string },
): Promise<{ secret: string; token: string }> {
  const { core } = (await lab.admin()).clients;
  const { namespace } = account;
  const secret = lab.unique("legacy");
  lab.cleanup(`secret ${namespace}/${secret}`, () =>
    core.deleteNamespacedSecret({ name: secret, namespace }),
  );
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

/** A pod of kube-system on a node, such as kube-proxy's, and the token that the node's kubelet has put into it. */
export async function podWithToken(lab: Lab, node: Node): Promise<{ pod: V1Pod; token: string }> {
  // The first such pod starts when the node is Ready, and that is when the first claims run.
  const { pod, volume } = await until(`a running pod on ${node.name} with a token`, () =>
    mountingToken(lab, node),
  );
  const directory = `/var/lib/kubelet/pods/${pod.metadata?.uid}/volumes/kubernetes.io~projected`;
  return { pod, token: await readFile(node, `${directory}/${volume}/token`) };
}

async function mountingToken(lab: Lab, node: Node): Promise<{ pod: V1Pod; volume: string } | undefined> {
  const { core } = (await lab.admin()).clients;
  const fieldSelector = `spec.nodeName=${node.name}`;
  const { items } = await core.listNamespacedPod({ namespace: "kube-system", fieldSelector });
  return items
    .filter(({ status }) => status?.phase === "Running")
    .flatMap((pod) =>
      (pod.spec?.volumes ?? [])
        .filter(({ projected }) => projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken))
        .map(({ name }) => ({ pod, volume: name })),
    )[0];
}
