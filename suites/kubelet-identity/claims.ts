import {
  byCertificate,
  type Identity,
  type Leaf,
  nodeIdentity,
  rightTwin,
  wrong,
} from "../../harness/credentials.ts";
import { allow, idlePod, phantomNode, podManifest } from "../../harness/fixtures.ts";
import { claim, type Exchange, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { connectionsOf, cutConnection, kubeconfigOf } from "../../harness/nodes.ts";
import {
  type Api,
  accessReview,
  mergePatch,
  observation,
  type Review,
  type UserInfo,
  until,
  whoAmI,
} from "../../harness/probes.ts";

/** The certificate of the node's live kubelet, wherever its --kubeconfig has it. */
const kubeletsCertificate = async (lab: Lab) =>
  (await kubeconfigOf(lab, "kubelet")).identity.certificate?.certPem ?? "";

const readingNode = (api: Api, name: string) => () => api.call(({ core }) => core.readNode({ name }));

const podsOfNode = (api: Api, name: string) => () =>
  api.call(({ core }) => core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${name}` }));

/**
 * Asks until the answer shows it, or for 45 s: then the last answer is the answer, and the control judges it. A kubelet whose
 * watch broke may wait 30 s before it asks again (client-go, tools/cache/reflector.go, its backoff).
 */
async function eventually<T>(ask: () => Promise<T>, shows: (answer: T) => boolean): Promise<T> {
  const wanted = async () => {
    const answer = await ask();
    return shows(answer) ? { answer } : undefined;
  };
  const found = await until("an answer", wanted, { timeoutMs: 45_000 }).catch(() => undefined);
  return found ? found.answer : ask();
}

claim(
  "kubelet-identity/node-name",
  {
    says: "The certificate in the live kubelet's --kubeconfig names its node: CN=system:node:NAME, O=system:nodes",
    documented: slide("Kubelet → API server"),
  },
  async (lab) => {
    const kubelets = await Promise.all(
      lab.cluster.nodes.map(async (node) => {
        const { identity } = await kubeconfigOf(lab, "kubelet", node);
        const user = `system:node:${node.name}`;
        return works<UserInfo>(`the kubelet of ${node.name}`, () => whoAmI(lab.api(identity)), {
          shows: `the user ${user} in system:nodes`,
          where: ({ username, groups }) =>
            username === user && groups.join() === "system:authenticated,system:nodes",
        });
      }),
    );
    const genuine = await nodeIdentity(lab, lab.node.name);
    const rogue = byCertificate(
      await wrong.rogueCa(genuine.certificate?.certPem ?? "", await lab.credentials.authority("ca")),
      `system:node:${lab.node.name} in system:nodes, by a rogue CA of the same name`,
    );
    return {
      works: [
        works("the same subject, under a key of our own", readingNode(lab.api(genuine), lab.node.name)),
        ...kubelets,
      ],
      refused: [
        refused("the same subject from a rogue CA", () => whoAmI(lab.api(rogue)), "authentication", {
          status: 401,
        }),
      ],
    };
  },
);

claim(
  "kubelet-identity/name-and-group",
  {
    says: "A kubelet's rights need both its name and its group: either without the other reads not even the Node",
    documented: kubernetes("Using Node Authorization", "reference/access-authn-authz/node/"),
  },
  async (lab) => {
    const name = lab.node.name;
    const ca = await lab.credentials.authority("ca");
    const bearing = async (cn: string, organizations: string[]) =>
      lab.api(byCertificate(await ca.issue({ cn, organizations, usages: ["client"] })));
    const [both, nameAlone, groupAlone, another] = await Promise.all([
      bearing(`system:node:${name}`, ["system:nodes"]),
      bearing(`system:node:${name}`, []),
      bearing("jean.doe", ["system:nodes"]),
      bearing("system:node:", ["system:nodes"]),
    ]);
    const notAllowed = { status: 403, reason: /cannot get resource "nodes"/ };
    return {
      works: [works("name and group", readingNode(both, name))],
      refused: [
        refused("the name without the group", readingNode(nameAlone, name), "authorization", notAllowed),
        refused("the group without the name", readingNode(groupAlone, name), "authorization", notAllowed),
        refused("the group with an empty name", readingNode(another, name), "authorization", notAllowed),
      ],
    };
  },
);

claim(
  "kubelet-identity/registers-itself",
  {
    says: "A kubelet registers the node that its certificate names, and no other, and keeps its Lease",
    documented: slide("Kubelet and API server"),
  },
  async (lab) => {
    const { core, coordination } = (await lab.admin()).clients;
    const [name, other] = [lab.unique("phantom"), lab.unique("phantom")];
    const kubelet = lab.api(await nodeIdentity(lab, name));
    const registering = (node: string) => () => {
      lab.cleanup(() => core.deleteNode({ name: node }).catch(() => {}));
      return kubelet.call((clients) => clients.core.createNode({ body: { metadata: { name: node } } }));
    };
    const leases = async () => {
      const held = await Promise.all(
        lab.cluster.nodes.map(async (node) => {
          const lease = { name: node.name, namespace: "kube-node-lease" };
          const { spec } = await coordination.readNamespacedLease(lease);
          return (
            Date.now() - new Date(spec?.renewTime ?? 0).getTime() < 1000 * (spec?.leaseDurationSeconds ?? 0)
          );
        }),
      );
      const current = held.filter(Boolean).length;
      return observation(
        lab.node,
        "the Leases of the nodes",
        held,
        `${current} of ${held.length} are renewed in time`,
      );
    };
    return {
      works: [
        works("the node of its name", registering(name)),
        works<boolean[]>("the live kubelets' Leases", leases, {
          shows: "each renewed in time",
          where: (held) => held.every(Boolean),
        }),
      ],
      refused: [
        refused("a node of another name", registering(other), "admission", {
          status: 403,
          reason: /is not allowed to modify node/,
        }),
      ],
    };
  },
);

claim(
  "kubelet-identity/connection-kept",
  {
    says: "The kubelet keeps its connection to the API server open, and opens another with its certificate when it breaks",
    documented: slide("Kubelet and API server"),
    exclusive: true, // pods of other claims would wait for the kubelet's return
  },
  async (lab) => {
    const { server } = await kubeconfigOf(lab, "kubelet");
    const port = Number(new URL(server).port || 443);
    const name = lab.node.name;
    const genuine = await kubeletsCertificate(lab);
    const ca = await lab.credentials.authority("ca");
    const [twin, rogue] = await Promise.all([rightTwin(genuine, ca), wrong.rogueCa(genuine, ca)]);
    const open = () => connectionsOf(lab.node, "kubelet", port);
    const before = await eventually(open, (ends) => ends.length > 0); // another claim may just have parted the two
    const seen = (what: string, ends: string[]): Exchange =>
      observation(
        lab.node,
        `the kubelet's connections to port ${port}`,
        ends,
        `${what}: ${ends.join(", ") || "none"}`,
      );
    const kept = async () => {
      const now = await connectionsOf(lab.node, "kubelet", port);
      return seen(
        "still open",
        now.filter((end) => before.includes(end)),
      );
    };
    const reopened = async () => {
      for (const end of before) await cutConnection(lab.node, end);
      const fresh = async () =>
        (await connectionsOf(lab.node, "kubelet", port)).filter((end) => !before.includes(end));
      return seen("open after the cut", await eventually(fresh, (ends) => ends.length > 0));
    };
    const takenUp = async () => {
      const { metadata } = await idlePod(lab, { node: name });
      const pod = { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" };
      const asking = async () => (await lab.admin()).call(({ core }) => core.readNamespacedPod(pod));
      return eventually(asking, ({ outcome }) => outcome.kind === "accepted" && startedAt(outcome.data));
    };
    const holding = { shows: "at least one", where: (ends: string[]) => ends.length > 0 };
    const asking = (leaf: Leaf, label: string) =>
      podsOfNode(lab.api(byCertificate(leaf, `the kubelet's subject, ${label}`)), name);
    return {
      works: [
        works<string[]>("a connection of before", kept, holding),
        works<string[]>("another, after the kernel cut it", reopened, holding),
        works("a pod bound after the cut comes to the kubelet's notice", takenUp, {
          shows: "the kubelet's mark in the pod's status",
          where: startedAt,
        }),
        works("what it asks for on that connection", asking(twin, "by the cluster's CA")),
      ],
      refused: [
        refused(
          "the same from a rogue CA",
          asking(rogue, "by a rogue CA of the same name"),
          "authentication",
          {
            status: 401,
          },
        ),
      ],
    };
  },
);

/** Whether a kubelet has acknowledged the pod: it alone sets status.startTime. */
function startedAt(pod: unknown): boolean {
  return (pod as { status?: { startTime?: unknown } }).status?.startTime !== undefined;
}

claim(
  "kubelet-identity/pods-start-and-stop",
  {
    says: "The kubelet learns from the API server which pods to start and to stop, and reports only on those of its node",
    documented: slide("Kubelet and API server"),
  },
  async (lab) => {
    const { identity } = await kubeconfigOf(lab, "kubelet");
    const admin = await lab.admin();
    const { core } = admin.clients;
    const elsewhere = await phantomNode(lab);
    const other = await idlePod(lab, { node: elsewhere.name });
    const pod = { name: lab.unique("bound"), namespace: await lab.namespace() };
    const reading = () => admin.call(({ core }) => core.readNamespacedPod(pod));
    const started = async () => {
      // It ends when it is told to: a kubelet waits at least 2 s before it kills.
      const script = "trap exit TERM; sleep infinity & wait";
      const body = await podManifest(lab, { ...pod, script, node: lab.node });
      lab.cleanup(() => core.deleteNamespacedPod({ ...pod, gracePeriodSeconds: 0 }).catch(() => {}));
      await core.createNamespacedPod({ namespace: pod.namespace, body });
      return eventually(reading, ({ outcome }) => outcome.kind === "accepted" && runs(outcome.data));
    };
    const stopped = async () => {
      // With a grace period the object stays until the kubelet confirms that the containers have ended.
      await core.deleteNamespacedPod({ ...pod, gracePeriodSeconds: 1 });
      const list = () =>
        admin.call(({ core }) =>
          core.listNamespacedPod({ namespace: pod.namespace, fieldSelector: `metadata.name=${pod.name}` }),
        );
      return eventually(list, ({ outcome }) => outcome.kind === "accepted" && isEmpty(outcome.data));
    };
    const reporting = () =>
      mergePatch(
        lab.api(identity),
        `/api/v1/namespaces/${other.metadata?.namespace}/pods/${other.metadata?.name}/status`,
        { status: { message: "planeproof" } },
      );
    return {
      works: [
        works("a pod bound to its node", started, { shows: "Running", where: runs }),
        works("the pod, deleted", stopped, { shows: "gone, as the kubelet confirms", where: isEmpty }),
      ],
      refused: [
        refused("the status of a pod that is bound elsewhere", reporting, "admission", {
          status: 403,
          reason: /can only update pod status for pods with spec.nodeName set to itself/,
        }),
      ],
    };
  },
);

const runs = (pod: unknown) => (pod as { status?: { phase?: string } }).status?.phase === "Running";

const isEmpty = (list: unknown) => (list as { items: unknown[] }).items.length === 0;

claim(
  "kubelet-identity/nothing-special",
  {
    says: "Nothing on the API server's side is special about kubelets: they authenticate and are judged like any other client",
    documented: slide("Kubelet → API server"),
    outdated: {
      since: "1.7",
      now: "an authorizer (Node) and an admission plugin (NodeRestriction) exist for kubelets alone",
    },
  },
  async (lab) => {
    const admin = await lab.admin();
    const node = await phantomNode(lab);
    const ca = await lab.credentials.authority("ca");
    const ordinary = lab.unique("client");
    const client = byCertificate(await ca.issue({ cn: ordinary, usages: ["client"] }));
    await allow(lab, [{ apiGroups: [""], resources: ["nodes"], verbs: ["patch"] }], {
      kind: "User",
      name: ordinary,
    });
    const labelling = (as: Identity, key: string) => () =>
      mergePatch(lab.api(as), `/api/v1/nodes/${node.name}`, { metadata: { labels: { [key]: "yes" } } });
    const user = `system:node:${node.name}`;
    const attributes = { resource: "nodes", name: node.name, verb: "get" };
    return {
      works: [
        works<Review>(
          "why a kubelet may read its Node",
          () => accessReview(admin, { user, groups: ["system:nodes"], resourceAttributes: attributes }),
          {
            shows: "a rule that is not RBAC's",
            where: ({ allowed, reason }) => allowed && !reason.includes("RBAC"),
          },
        ),
        works(
          "an ordinary client that may patch nodes sets a node-restriction label",
          labelling(client, "node-restriction.kubernetes.io/client"),
        ),
      ],
      refused: [
        refused(
          "a kubelet, which may patch its Node, does not",
          labelling(node.identity, "node-restriction.kubernetes.io/kubelet"),
          "admission",
          {
            status: 403,
            reason: /is not allowed to modify labels: node-restriction.kubernetes.io/,
          },
        ),
        refused(
          "an ordinary client reads the Node",
          readingNode(lab.api(client), node.name),
          "authorization",
          {
            status: 403,
            reason: /cannot get resource "nodes"/,
          },
        ),
      ],
    };
  },
);
