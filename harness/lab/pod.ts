import type { V1Pod } from "@kubernetes/client-node";
import type { Node } from "../node/node.ts";
import type { ContainerName } from "../probe/pod-streams.ts";
import { until } from "../support/until.ts";
import { containerOf, type MadePod } from "./idle-pod.ts";
import type { Lab } from "./lab.ts";

export interface PodRequest {
  name: string;
  namespace: string;
  /** What bash is to run. */
  script: string;
  /** The node it must run on; any node the scheduler likes unless given. */
  node?: Node;
  serviceAccount?: string;
  /** Whether it gets a token of its service account. */
  token?: boolean;
  /** A Secret to mount at /secret. */
  secret?: string;
}

// A pod needs a userland, and an image may not be to be had where there is no registry: these directories of the node
// are lent to it, read only, so that any image which the node already has will do.
const LENT = ["/bin", "/lib", "/lib64", "/usr"];

/** A pod that runs a bash script. Its image is the one that the cluster's own DNS or proxy pods run: no pull is needed. */
export async function podManifest(lab: Lab, request: PodRequest): Promise<V1Pod> {
  const image = await lab.scope.once("pod image", () => imageOnEveryNode(lab));
  return {
    metadata: { name: request.name, namespace: request.namespace },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: "Exists" }],
      automountServiceAccountToken: request.token ?? false,
      ...(request.serviceAccount ? { serviceAccountName: request.serviceAccount } : {}),
      ...(request.node ? { nodeName: request.node.name } : {}),
      containers: [
        {
          name: "main",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["/bin/bash", "-c", request.script],
          stdin: true,
          volumeMounts: [
            ...LENT.map((path) => ({ name: path.slice(1), mountPath: path, readOnly: true })),
            ...(request.secret ? [{ name: "secret", mountPath: "/secret", readOnly: true }] : []),
          ],
        },
      ],
      volumes: [
        ...LENT.map((path) => ({ name: path.slice(1), hostPath: { path } })),
        ...(request.secret ? [{ name: "secret", secret: { secretName: request.secret } }] : []),
      ],
    },
  };
}

/** Makes a pod and waits until it runs. It is deleted at the end of the claim. */
export async function runningPod(lab: Lab, request: PodRequest): Promise<MadePod> {
  const { core } = (await lab.admin()).clients;
  const { name, namespace } = request;
  lab.cleanup(`pod ${namespace}/${name}`, () =>
    core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }),
  );
  await until(`the service account of namespace ${namespace}`, () =>
    core.readNamespacedServiceAccount({ name: request.serviceAccount ?? "default", namespace }),
  );
  await core.createNamespacedPod({ namespace, body: await podManifest(lab, request) });
  return until(
    `pod ${namespace}/${name} to run`,
    async () => {
      const { metadata, status } = await core.readNamespacedPod({ name, namespace });
      if (status?.phase === "Running") return { name, namespace, uid: metadata?.uid ?? "" };
      throw new Error(`it is ${status?.phase}: ${status?.conditions?.at(-1)?.message ?? "no reason given"}`);
    },
    { timeoutMs: 60_000 },
  );
}

/** A pod that runs a script on each node, and its container there. They are deleted at the end of the claim. */
export async function podOnEachNode(
  lab: Lab,
  script: string,
): Promise<{ node: Node; container: ContainerName }[]> {
  const namespace = await lab.namespace();
  return Promise.all(
    lab.cluster.nodes.map(async (node) => {
      const pod = await runningPod(lab, { namespace, name: lab.unique("pod"), node, script });
      return { node, container: containerOf(pod) };
    }),
  );
}

/** kube-proxy's image where it runs, otherwise CoreDNS's; a config may leave both out, and what remains is a control plane's. */
async function imageOnEveryNode(lab: Lab): Promise<string> {
  const { core } = (await lab.admin()).clients;
  return until("a kube-system pod whose image every node has", async () => {
    const { items } = await core.listNamespacedPod({ namespace: "kube-system" });
    const named = (label: string, name: string) =>
      items.filter(({ metadata }) => metadata?.labels?.[label] === name);
    const candidates = [
      ...named("k8s-app", "kube-proxy"),
      ...named("k8s-app", "kube-dns"),
      ...named("component", "kube-scheduler"),
    ];
    return candidates[0]?.spec?.containers[0]?.image;
  });
}
