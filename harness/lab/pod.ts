import type { V1Pod } from "@kubernetes/client-node";
import type { Node } from "../node/node.ts";
import type { ContainerName } from "../probe/pod-streams.ts";
import { until } from "../support/until.ts";
import { containerOf, type MadePod, OWN_RESOURCES } from "./idle-pod.ts";
import type { Lab } from "./lab.ts";
import type { Precondition } from "./precondition.ts";
import type { RunScope } from "./run-scope.ts";

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
  const image = await imageOnEveryNode(lab.scope);
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
          resources: OWN_RESOURCES,
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

/** The user may mean to install one later (`disableDefaultCNI`). A node that is not Ready for another reason does not count. */
const podNetwork: Precondition = {
  what: "a pod network",
  met: async (_, scope) => {
    const { items } = await (await scope.admin()).clients.core.listNode();
    const said = items.flatMap(({ status }) => status?.conditions ?? []).map(({ message }) => message ?? "");
    return !said.some((message) => message.includes("cni plugin not initialized"));
  },
};

/** Our pods, and kube-proxy's, run an image that each node has. AlwaysPullImages has it pulled all the same. */
export const imagesAtHand: Precondition = {
  what: "pods that start from the images at hand: AlwaysPullImages has them pulled, and no registry answers the nodes",
  environment: true,
  met: (_, scope) =>
    scope.once("images at hand", async () => !(await alwaysPulls(scope)) || (await pullsOnEveryNode(scope))),
};

/** What a claim needs whose pods are to run. */
export const startsPods: Precondition[] = [podNetwork, imagesAtHand];

/** Whether the API server makes a pod pull its image that asks for another policy. */
async function alwaysPulls(scope: RunScope): Promise<boolean> {
  const image = await imageOnEveryNode(scope);
  const { core } = (await scope.admin()).clients;
  const namespace = "kube-system";
  // Admission looks the account up, which the controller manager makes in a cluster's first seconds.
  await until("the default service account of kube-system", () =>
    core.readNamespacedServiceAccount({ name: "default", namespace }),
  );
  const created = await core.createNamespacedPod({
    namespace,
    dryRun: "All",
    body: {
      metadata: { generateName: "planeproof-" },
      spec: {
        containers: [{ name: "main", image, imagePullPolicy: "IfNotPresent", resources: OWN_RESOURCES }],
      },
    },
  });
  return created.spec?.containers[0]?.imagePullPolicy === "Always";
}

async function pullsOnEveryNode(scope: RunScope): Promise<boolean> {
  const image = await imageOnEveryNode(scope);
  const pull = ({ transport }: Node) => transport.exec(["crictl", "pull", image], { timeoutMs: 20_000 });
  const results = await Promise.all(scope.cluster.nodes.map(pull));
  return results.every(({ exitCode }) => exitCode === 0);
}

/** kube-proxy's image where it runs, otherwise CoreDNS's; a config may leave both out, and what remains is a control plane's. */
function imageOnEveryNode(scope: RunScope): Promise<string> {
  return scope.once("image on every node", async () => {
    const { core } = (await scope.admin()).clients;
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
  });
}
