import {
  asksWebhooks,
  createSecret,
  idlePod,
  type MadePod,
  phantomNode,
  serviceAccount,
  watchActs,
} from "../../harness/fixtures.ts";
import {
  actsAs,
  certificateNamesUser,
  claim,
  forbidden,
  kubernetes,
  offers,
  onEach,
  refused,
  renewsLeaseAs,
  slide,
  together,
  works,
} from "../../harness/index.ts";
import { type Api, mergePatch, until } from "../../harness/probes.ts";

const USER = "system:kube-scheduler";

const coreRoles = kubernetes(
  "Using RBAC Authorization, Core component roles",
  "reference/access-authn-authz/rbac/#core-component-roles",
);

claim(
  "scheduler/certificate-name",
  {
    says: `The live scheduler authenticates with a certificate of CN=${USER} and no group`,
    documented: slide("Scheduler"),
    touches: "nothing",
  },
  (lab) => certificateNamesUser(lab, lab.schedulers, USER),
);

claim(
  "scheduler/acts-as-itself",
  {
    says: `The scheduler binds pods and renews its Lease as ${USER}, in no group; a kubelet cannot renew it`,
    documented: coreRoles,
    touches: "own-objects",
    preconditions: [offers("hostAddress"), asksWebhooks],
  },
  async (lab) => {
    const lease = await lab.schedulerOn(lab.node).lease();
    const acts = await watchActs(lab, { resources: ["pods/binding"], namespaces: [lease.namespace] });
    const pod = await idlePod(lab);
    const bound = () =>
      acts.seen("the scheduler", `the Binding of pod ${pod.name}`, ({ resource, namespace, name }) => {
        return resource === "pods/binding" && namespace === pod.namespace && name === pod.name;
      });
    const does = "the scheduler binds a pod that names no node";
    const binding = await actsAs(lab, lab.schedulers, { does, user: USER }, bound);
    const { refused: others, ...renewal } = await renewsLeaseAs(lab, acts, lab.schedulers, {
      lease,
      component: "the scheduler",
      user: USER,
    });
    return together(lease.elects ? together(binding, renewal) : binding, { refused: others });
  },
);

claim(
  "scheduler/ordinary-client",
  {
    says: "The scheduler is an ordinary client of the API server: RBAC binds its user to the rights that it has",
    documented: slide("Scheduler"),
    touches: "own-objects",
  },
  async (lab) => {
    const [administrator, stranger] = await Promise.all([lab.administrator(), serviceAccount(lab)]);
    const binding = { resource: "pods", subresource: "binding", verb: "create" };
    return onEach(lab.schedulers, async (scheduler) => {
      const apiServer = lab.apiServerOn(scheduler.node);
      const identity = await scheduler.identity();
      return {
        works: [
          works("the scheduler lists pods", () =>
            apiServer.call(identity, ({ core }) => core.listPodForAllNamespaces({ limit: 1 })),
          ),
          works(
            "the API server says why the scheduler may bind pods",
            () => apiServer.accessReview(administrator, { user: USER, resourceAttributes: binding }),
            {
              shows: `a ClusterRoleBinding to the user ${USER}`,
              where: ({ allowed, reason }) =>
                allowed &&
                /^RBAC: allowed by ClusterRoleBinding .* to User "system:kube-scheduler"$/.test(reason),
            },
          ),
        ],
        refused: [
          refused(
            "a client without a binding lists pods",
            () => apiServer.call(stranger.identity, ({ core }) => core.listPodForAllNamespaces({ limit: 1 })),
            forbidden("list", "pods"),
          ),
        ],
      };
    });
  },
);

/** Binds a pod to a node, as the scheduler does. */
const bind = (api: Api, { name, namespace }: MadePod, node: string) =>
  api.request({
    path: `/api/v1/namespaces/${namespace}/pods/${name}/binding`,
    body: {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name },
      target: { apiVersion: "v1", kind: "Node", name: node },
    },
  });

claim(
  "scheduler/binds-pods",
  {
    says: "The scheduler binds pods to nodes; a service account, the controller manager and a kubelet cannot",
    documented: kubernetes(
      "Kubernetes Scheduler, kube-scheduler",
      "concepts/scheduling-eviction/kube-scheduler/#kube-scheduler",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const [node, admin, stranger] = await Promise.all([phantomNode(lab), lab.admin(), serviceAccount(lab)]);
    const controllerManager = await lab.credentials.kubeconfig("controller-manager.conf");
    const notAllowed = forbidden("create", "pods/binding");
    const scheduled = async () => {
      const { name, namespace } = await idlePod(lab);
      await until("the scheduler to choose a node for the pod", async () => {
        return (await admin.clients.core.readNamespacedPod({ name, namespace })).spec?.nodeName;
      });
      return admin.call(({ core }) => core.readNamespacedPod({ name, namespace }));
    };
    return onEach(lab.schedulers, async (scheduler) => {
      const apiServer = lab.apiServerOn(scheduler.node);
      const waiting = await idlePod(lab, { scheduler: "planeproof.example/nobody" });
      const binds = async (as: Parameters<typeof apiServer.api>[0]) =>
        bind(await apiServer.api(as), waiting, node.name);
      const identity = await scheduler.identity();
      return {
        works: [
          works("a pod that names no node gets one", scheduled),
          works("the scheduler binds a pod that waits", () => binds(identity), { status: 201 }),
        ],
        refused: [
          refused("a service account binds the pod", () => binds(stranger.identity), notAllowed),
          refused("the controller manager binds the pod", () => binds(controllerManager), notAllowed),
          refused("the kubelet of the node binds the pod", () => binds(node.identity), notAllowed),
        ],
      };
    });
  },
);

claim(
  "scheduler/no-more-than-it-needs",
  {
    says: "The scheduler reads nodes and pods, but cannot read a Secret, change a Node or create a pod",
    documented: coreRoles,
    touches: "own-objects",
  },
  async (lab) => {
    const namespace = await lab.namespace();
    const [secret, node] = await Promise.all([createSecret(lab), phantomNode(lab)]);
    const not = (verb: string, resource: string) => forbidden(verb, resource, { user: USER });
    return onEach(lab.schedulers, async (scheduler) => {
      const apiServer = lab.apiServerOn(scheduler.node);
      const api = await apiServer.api(await scheduler.identity());
      const delegates = await scheduler.delegates();
      const body = {
        metadata: { name: lab.unique("planeproof") },
        spec: { containers: [{ name: "main", image: "planeproof.invalid" }] },
      };
      return {
        works: [
          works("the scheduler reads a Node", () =>
            api.call(({ core }) => core.readNode({ name: node.name })),
          ),
          works("the scheduler lists pods", () =>
            api.call(({ core }) => core.listNamespacedPod({ namespace })),
          ),
        ],
        refused: [
          refused(
            "the scheduler reads a Secret",
            () => api.call(({ core }) => core.readNamespacedSecret({ name: secret, namespace })),
            not("get", "secrets"),
          ),
          delegates.map(({ argument, as }) =>
            refused(
              `the holder of --${argument} reads a Secret`,
              () => apiServer.call(as, ({ core }) => core.readNamespacedSecret({ name: secret, namespace })),
              forbidden("get", "secrets"),
            ),
          ),
          refused(
            "the scheduler removes a Node's taints",
            () => mergePatch(api, `/api/v1/nodes/${node.name}`, { spec: { taints: [] } }),
            not("patch", "nodes"),
          ),
          refused(
            "the scheduler creates a pod",
            () => api.call(({ core }) => core.createNamespacedPod({ namespace, body })),
            not("create", "pods"),
          ),
        ],
      };
    });
  },
);
