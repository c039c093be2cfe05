import { certificateRequest } from "../../harness/credentials.ts";
import { createSecret, idlePod, type PhantomNode, phantomNode } from "../../harness/fixtures.ts";
import { claim, type Exchange, kubernetes, type Lab, refused, works } from "../../harness/index.ts";
import { kubeconfigOf } from "../../harness/nodes.ts";
import { type Api, eventuallyAccepted, mergePatch } from "../../harness/probes.ts";

const nodeAuthorization = kubernetes("Using Node Authorization", "reference/access-authn-authz/node/");
const nodeRestriction = kubernetes(
  "Admission Control, NodeRestriction",
  "reference/access-authn-authz/admission-controllers/#noderestriction",
);

/** Two kubelets: the live one of this node, and that of a second node which no machine stands behind. */
async function twoKubelets(lab: Lab): Promise<{ own: string; api: Api; other: PhantomNode; otherApi: Api }> {
  const { identity } = await kubeconfigOf(lab, "kubelet");
  const other = await phantomNode(lab);
  return { own: lab.node.name, api: lab.api(identity), other, otherApi: lab.api(other.identity) };
}

const noRelationship = {
  status: 403,
  reason: /no relationship found between node '[^']+' and this object/,
};

claim(
  "node-isolation/secrets-of-own-pods",
  {
    says: "A kubelet reads the Secrets that pods of its node mount, and no other",
    documented: nodeAuthorization,
  },
  async (lab) => {
    const { own, api, other, otherApi } = await twoKubelets(lab);
    const [mine, theirs, nobodys] = await Promise.all([
      createSecret(lab),
      createSecret(lab),
      createSecret(lab),
    ]);
    await Promise.all([
      idlePod(lab, { node: own, secret: mine }),
      idlePod(lab, { node: other.name, secret: theirs }),
    ]);
    const namespace = await lab.namespace();
    const reading = (as: Api, name: string) => () =>
      as.call(({ core }) => core.readNamespacedSecret({ name, namespace }));
    const listing = () => api.call(({ core }) => core.listNamespacedSecret({ namespace }));
    return {
      works: [
        works("one that a pod of the node mounts", () => eventuallyAccepted(reading(api, mine))),
        works("the other node's kubelet, one that its pod mounts", () =>
          eventuallyAccepted(reading(otherApi, theirs)),
        ),
      ],
      refused: [
        refused(
          "one that a pod of another node mounts",
          reading(api, theirs),
          "authorization",
          noRelationship,
        ),
        refused("one that no pod mounts", reading(api, nobodys), "authorization", noRelationship),
        refused("the other way round", reading(otherApi, mine), "authorization", noRelationship),
        refused("all of a namespace", listing, "authorization", {
          status: 403,
          reason: /No Object name found/,
        }),
      ],
    };
  },
);

claim(
  "node-isolation/reads-of-own-node",
  {
    says: "A kubelet reads its own Node and the pods bound to it; it can neither read another Node nor list all pods",
    documented: nodeAuthorization,
    // KEP-4601, AuthorizeNodeWithSelectors: before, every kubelet read all nodes and all pods.
    versions: ">=1.32",
  },
  async (lab) => {
    const { own, api, other } = await twoKubelets(lab);
    const pod = await idlePod(lab, { node: other.name });
    const { name = "", namespace = "" } = pod.metadata ?? {};
    const reading = (node: string) => () => api.call(({ core }) => core.readNode({ name: node }));
    const pods = (fieldSelector: string) => () =>
      api.call(({ core }) => core.listPodForAllNamespaces({ fieldSelector }));
    return {
      works: [
        works("its own Node", reading(own)),
        works("the pods of its node", pods(`spec.nodeName=${own}`)),
      ],
      refused: [
        refused("another Node", reading(other.name), "authorization", {
          status: 403,
          reason: /only its own Node object/,
        }),
        refused("all nodes", () => api.call(({ core }) => core.listNode()), "authorization", {
          status: 403,
          reason: /cannot read all nodes/,
        }),
        refused("all pods", () => api.call(({ core }) => core.listPodForAllNamespaces()), "authorization", {
          status: 403,
          reason: /can only list\/watch pods with spec.nodeName field selector/,
        }),
        refused("the pods of another node", pods(`spec.nodeName=${other.name}`), "authorization", {
          status: 403,
        }),
        refused(
          "a pod of another node",
          () => api.call(({ core }) => core.readNamespacedPod({ name, namespace })),
          "authorization",
          noRelationship,
        ),
      ],
    };
  },
);

/** Every write of these claims is one that kubelets make, put where it does not belong. */
const onNode =
  (api: Api, name: string, body: unknown, part = "") =>
  () =>
    mergePatch(api, `/api/v1/nodes/${name}${part}`, body);

const annotated = { metadata: { annotations: { "planeproof.example/by": "kubelet" } } };

claim(
  "node-isolation/own-node-object",
  {
    says: "A kubelet changes its own Node object and its own Lease, and those of no other node",
    documented: nodeRestriction,
  },
  async (lab) => {
    const { own, api, other, otherApi } = await twoKubelets(lab);
    const condition = { status: { conditions: [{ type: "Ready", status: "True", reason: "Planeproof" }] } };
    const elsewhere = { status: 403, reason: /is not allowed to modify node/ };
    const makingLease = (as: Api, name: string) => () =>
      as.call(({ coordination }) =>
        coordination.createNamespacedLease({
          namespace: "kube-node-lease",
          body: { metadata: { name }, spec: { holderIdentity: name, leaseDurationSeconds: 40 } },
        }),
      );
    const { coordination } = (await lab.admin()).clients;
    lab.cleanup(() =>
      coordination.deleteNamespacedLease({ name: other.name, namespace: "kube-node-lease" }).catch(() => {}),
    );
    return {
      works: [
        works("its own annotations", onNode(api, own, annotated)),
        works("the other node's kubelet, its own status", onNode(otherApi, other.name, condition, "/status")),
        works("the other node's kubelet, its own Lease", makingLease(otherApi, other.name)),
      ],
      refused: [
        refused("another node's annotations", onNode(api, other.name, annotated), "admission", elsewhere),
        refused(
          "another node's status",
          onNode(api, other.name, condition, "/status"),
          "admission",
          elsewhere,
        ),
        refused("another node's Lease", makingLease(api, lab.unique("phantom")), "admission", {
          status: 403,
          reason: /can only access node lease with the same name as the requesting node/,
        }),
      ],
    };
  },
);

claim(
  "node-isolation/no-self-promotion",
  {
    says: "A kubelet labels its own node, but can neither set a node-restriction.kubernetes.io label nor a taint, nor untaint itself",
    documented: nodeRestriction,
  },
  async (lab) => {
    const { other, otherApi } = await twoKubelets(lab);
    const labelled = (key: string) =>
      onNode(otherApi, other.name, { metadata: { labels: { [key]: "yes" } } });
    const tainted = (taints: unknown[]) => onNode(otherApi, other.name, { spec: { taints } });
    await mergePatch(await lab.admin(), `/api/v1/nodes/${other.name}`, {
      spec: { taints: [{ key: "planeproof.example/kept", effect: "NoSchedule" }] },
    });
    const taints = { status: 403, reason: /is not allowed to modify taints/ };
    return {
      works: [works("a label of nobody's", labelled("planeproof.example/free"))],
      refused: [
        refused(
          "a label that administrators isolate nodes with",
          labelled("node-restriction.kubernetes.io/tier"),
          "admission",
          { status: 403, reason: /is not allowed to modify labels: node-restriction.kubernetes.io\/tier/ },
        ),
        refused("the label of a role", labelled("node-role.kubernetes.io/control-plane"), "admission", {
          status: 403,
          reason: /is not allowed to modify labels: node-role.kubernetes.io\/control-plane/,
        }),
        refused(
          "another taint",
          tainted([{ key: "planeproof.example/mine", effect: "NoExecute" }]),
          "admission",
          taints,
        ),
        refused("no taint any more", tainted([]), "admission", taints),
      ],
    };
  },
);

claim(
  "node-isolation/pods-of-own-node",
  {
    says: "A kubelet reports on the pods of its node and deletes them, and does neither to pods elsewhere",
    documented: nodeRestriction,
  },
  async (lab) => {
    const { own, api, other, otherApi } = await twoKubelets(lab);
    const [mine, theirs] = await Promise.all([
      idlePod(lab, { node: own }),
      idlePod(lab, { node: other.name }),
    ]);
    const path = ({ metadata }: typeof mine) =>
      `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
    const reporting = (as: Api, pod: typeof mine) => () =>
      mergePatch(as, `${path(pod)}/status`, { status: { message: "planeproof" } });
    const deleting =
      (as: Api, pod: typeof mine): (() => Promise<Exchange>) =>
      () =>
        as.request({ method: "DELETE", path: `${path(pod)}?gracePeriodSeconds=0` });
    return {
      works: [
        works("the status of a pod of its node", () => eventuallyAccepted(reporting(api, mine))),
        works("the other node's kubelet, a pod of its own", () =>
          eventuallyAccepted(reporting(otherApi, theirs)),
        ),
        works("the end of a pod of its node", () => eventuallyAccepted(deleting(api, mine))),
      ],
      refused: [
        refused("the status of a pod elsewhere", reporting(api, theirs), "admission", {
          status: 403,
          reason: /can only update pod status for pods with spec.nodeName set to itself/,
        }),
        refused("the end of a pod elsewhere", deleting(api, theirs), "admission", {
          status: 403,
          reason: /can only delete pods with spec.nodeName set to itself/,
        }),
      ],
    };
  },
);

claim(
  "node-isolation/tokens-of-own-pods",
  {
    says: "A kubelet gets service account tokens for the pods of its node alone",
    documented: nodeAuthorization,
  },
  async (lab) => {
    const { own, api, other } = await twoKubelets(lab);
    const namespace = await lab.namespace();
    const { core } = (await lab.admin()).clients;
    const account = async () => {
      const name = lab.unique("account");
      await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
      lab.cleanup(() => core.deleteNamespacedServiceAccount({ name, namespace }).catch(() => {}));
      return name;
    };
    const [shared, foreign] = await Promise.all([account(), account()]);
    const [mine, theirs, foreigner] = await Promise.all([
      idlePod(lab, { node: own, serviceAccount: shared }),
      idlePod(lab, { node: other.name, serviceAccount: shared }),
      idlePod(lab, { node: other.name, serviceAccount: foreign }),
    ]);
    const requesting =
      (name: string, pod?: typeof mine, audiences: string[] = []) =>
      () => {
        const { name: podName, uid } = pod?.metadata ?? {};
        const bound = pod && { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: podName, uid } };
        const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
        return api.request({ method: "POST", path, body: { spec: { audiences, ...bound } } });
      };
    return {
      works: [works("bound to a pod of its node", () => eventuallyAccepted(requesting(shared, mine)))],
      refused: [
        refused(
          "an account that no pod of its node uses",
          requesting(foreign, foreigner),
          "authorization",
          noRelationship,
        ),
        refused("bound to a pod elsewhere", requesting(shared, theirs), "admission", {
          status: 403,
          reason: /node requested token bound to a pod scheduled on a different node/,
        }),
        refused("bound to nothing", requesting(shared), "admission", {
          status: 403,
          reason: /node requested token not bound to a pod/,
        }),
        // KEP-4412, ServiceAccountNodeAudienceRestriction
        ...(lab.cluster.version.atLeast("1.33")
          ? [
              refused(
                "for an audience that the pod does not name",
                requesting(shared, mine, ["planeproof.example"]),
                "admission",
                {
                  status: 403,
                  reason:
                    /is not authorized to request tokens for (this audience|audience "planeproof.example")/,
                },
              ),
            ]
          : []),
      ],
    };
  },
);

claim(
  "node-isolation/certificates-of-own-name",
  {
    says: "A kubelet asks for a new client certificate in its own name, and in no other node's",
    documented: nodeRestriction,
    versions: ">=1.31", // NodeRestriction looks at the request's subject since then (kubernetes/kubernetes#126015).
  },
  async (lab) => {
    const { api, other, own } = await twoKubelets(lab);
    const { certificates } = (await lab.admin()).clients;
    const requesting = (node: string) => async () => {
      const { csrPem } = await certificateRequest({
        cn: `system:node:${node}`,
        organizations: ["system:nodes"],
      });
      const name = lab.unique("planeproof");
      lab.cleanup(() => certificates.deleteCertificateSigningRequest({ name }).catch(() => {}));
      return api.request({
        method: "POST",
        path: "/apis/certificates.k8s.io/v1/certificatesigningrequests",
        body: {
          metadata: { name },
          spec: {
            request: Buffer.from(csrPem).toString("base64"),
            signerName: "kubernetes.io/kube-apiserver-client-kubelet",
            usages: ["client auth", "digital signature"],
          },
        },
      });
    };
    return {
      works: [works("in its own name", requesting(own))],
      refused: [
        refused("in another node's name", requesting(other.name), "admission", {
          status: 403,
          reason: /can only create a node CSR with CN=system:node:/,
        }),
      ],
    };
  },
);
