import { type MadePod, runningPod } from "../../harness/fixtures.ts";
import type { Kubelet, Lab } from "../../harness/index.ts";
import { until } from "../../harness/probes.ts";

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

/** A pod of ours on a kubelet's node, and the token that the kubelet has mounted into it. */
export async function podWithToken(lab: Lab, kubelet: Kubelet): Promise<{ pod: MadePod; token: string }> {
  const { node } = kubelet;
  const [namespace, root] = await Promise.all([lab.namespace(), kubelet.argument("root-dir")]);
  const script = "exec sleep infinity";
  const pod = await runningPod(lab, { namespace, name: lab.unique("bearer"), node, script, token: true });
  const volumes = `${root ?? "/var/lib/kubelet"}/pods/${pod.uid}/volumes/kubernetes.io~projected`;
  // Read on the node: exec may be closed.
  return { pod, token: await node.run(["bash", "-c", 'cat "$1"/*/token', "cat", volumes]) };
}
