import {
  asksWebhooks,
  electsLeader,
  phantomNode,
  serviceAccount,
  watchActs,
} from "../../harness/fixtures.ts";
import {
  certificateNamesUser,
  claim,
  forbidden,
  kubernetes,
  type Lab,
  limit,
  observed,
  offers,
  onEach,
  refused,
  renewsLeaseAs,
  slide,
  together,
  works,
} from "../../harness/index.ts";
import { type Api, observation } from "../../harness/probes.ts";
import { idleReplicaSet } from "./replica-set.ts";

const USER = "system:kube-controller-manager";
const REPLICASET_CONTROLLER = "system:serviceaccount:kube-system:replicaset-controller";

const coreRoles = kubernetes(
  "Using RBAC Authorization, Core component roles",
  "reference/access-authn-authz/rbac/#core-component-roles",
);

const not = (verb: string, resource: string) => forbidden(verb, resource, { user: USER });

const createPod = (lab: Lab, api: Api, namespace: string) =>
  api.call(({ core }) =>
    core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name: lab.unique("planeproof") },
        spec: { containers: [{ name: "main", image: "planeproof.invalid" }] },
      },
    }),
  );

claim(
  "controller-manager/certificate-name",
  {
    says: `The live controller manager authenticates with a certificate of CN=${USER} and no group`,
    documented: slide("Controller manager"),
    touches: "nothing",
  },
  (lab) => certificateNamesUser(lab, lab.controllerManagers, USER),
);

claim(
  "controller-manager/acts-as-itself",
  {
    says: `The controller manager renews its Lease as ${USER}, in no group; a kubelet cannot renew it`,
    documented: coreRoles,
    touches: "own-objects",
    preconditions: [offers("hostAddress"), asksWebhooks, electsLeader],
  },
  async (lab) => {
    const lease = await lab.controllerManagerOn(lab.node).lease();
    const acts = await watchActs(lab, { resources: [], namespaces: [lease.namespace] });
    return renewsLeaseAs(lab, acts, lab.controllerManagers, {
      lease,
      component: "the controller manager",
      user: USER,
    });
  },
);

claim(
  "controller-manager/ordinary-client",
  {
    says: "The controller manager is an ordinary client of the API server: RBAC binds its user to the rights that it has",
    documented: slide("Controller manager"),
    touches: "own-objects",
  },
  async (lab) => {
    const [administrator, stranger] = await Promise.all([lab.administrator(), serviceAccount(lab)]);
    const token = {
      namespace: "kube-system",
      resource: "serviceaccounts",
      subresource: "token",
      verb: "create",
    };
    return onEach(lab.controllerManagers, async (manager) => {
      const apiServer = lab.apiServerOn(manager.node);
      const identity = await manager.identity();
      return {
        works: [
          works("the controller manager lists pods", () =>
            apiServer.call(identity, ({ core }) => core.listPodForAllNamespaces({ limit: 1 })),
          ),
          works(
            "the API server says why the controller manager may request tokens",
            () => apiServer.accessReview(administrator, { user: USER, resourceAttributes: token }),
            {
              shows: `a ClusterRoleBinding to the user ${USER}`,
              where: ({ allowed, reason }) =>
                allowed &&
                /^RBAC: allowed by ClusterRoleBinding .* to User "system:kube-controller-manager"$/.test(
                  reason,
                ),
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

claim(
  "controller-manager/controllers-are-service-accounts",
  {
    says: "The ReplicaSet controller creates pods as its own service account; the controller manager's own user cannot",
    documented: kubernetes(
      "Using RBAC Authorization, Roles for built-in controllers",
      "reference/access-authn-authz/rbac/#controller-roles",
    ),
    touches: "own-objects",
    preconditions: [offers("hostAddress"), asksWebhooks],
  },
  async (lab) => {
    const [administrator, namespace] = await Promise.all([lab.administrator(), lab.namespace()]);
    const creating = { namespace, resource: "pods", verb: "create" };
    const acts = await watchActs(lab, { resources: ["pods"], namespaces: [] });
    const replicaSet = await idleReplicaSet(lab);
    const created = () =>
      acts.seen("the controller manager", `a pod of ReplicaSet ${replicaSet}`, ({ resource, object }) => {
        return resource === "pods" && object.metadata?.generateName === `${replicaSet}-`;
      });
    const acting = {
      works: [
        works("the ReplicaSet controller creates a pod", created, {
          shows: `the user ${REPLICASET_CONTROLLER}`,
          where: ({ username }) => username === REPLICASET_CONTROLLER,
        }),
      ],
    } as const;
    const each = onEach(lab.controllerManagers, async (manager) => {
      const apiServer = lab.apiServerOn(manager.node);
      const api = await apiServer.api(await manager.identity());
      const argument = async () => {
        const value = await manager.argument("use-service-account-credentials");
        return observation(manager.node, "--use-service-account-credentials", value, value ?? "not given");
      };
      return {
        works: [
          works(
            "the API server says why that account may create pods",
            () =>
              apiServer.accessReview(administrator, {
                user: REPLICASET_CONTROLLER,
                resourceAttributes: creating,
              }),
            {
              shows: "a ClusterRoleBinding to that account",
              where: ({ allowed, reason }) =>
                allowed && reason.includes('ClusterRoleBinding "system:controller:replicaset-controller"'),
            },
          ),
        ],
        observed: [
          observed("the argument of the live controller manager", argument, {
            shows: "true",
            where: (value) => value === "true",
          }),
        ],
        refused: [
          refused(
            "the controller manager creates a pod as its own user",
            () => createPod(lab, api, namespace),
            not("create", "pods"),
          ),
        ],
      };
    });
    return together(acting, each);
  },
);

claim(
  "controller-manager/no-more-than-it-needs",
  {
    says: "The controller manager's user lists Secrets, but cannot delete a Node, create a pod or bind a role",
    documented: coreRoles,
    touches: "own-objects",
    limit: { closedBy: "an authorizer that keeps Secrets from the controller manager" },
  },
  async (lab) => {
    const [namespace, node] = await Promise.all([lab.namespace(), phantomNode(lab)]);
    const name = lab.unique("planeproof");
    const apiGroup = "rbac.authorization.k8s.io";
    const { rbac } = (await lab.admin()).clients;
    lab.cleanup(`cluster role binding ${name}`, () => rbac.deleteClusterRoleBinding({ name }));
    const body = {
      metadata: { name },
      roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ apiGroup, kind: "User", name: USER }],
    };
    return onEach(lab.controllerManagers, async (manager) => {
      const apiServer = lab.apiServerOn(manager.node);
      const api = await apiServer.api(await manager.identity());
      const delegates = await manager.delegates();
      return {
        works: [
          works("the controller manager lists Nodes", () => api.call(({ core }) => core.listNode())),
          limit(
            works("the controller manager lists Secrets", () =>
              api.call(({ core }) => core.listNamespacedSecret({ namespace })),
            ),
            not("list", "secrets"),
          ),
        ],
        refused: [
          refused(
            "the controller manager deletes a Node",
            () => api.call(({ core }) => core.deleteNode({ name: node.name })),
            not("delete", "nodes"),
          ),
          refused(
            "the controller manager creates a pod",
            () => createPod(lab, api, namespace),
            not("create", "pods"),
          ),
          refused(
            "the controller manager binds itself to cluster-admin",
            () => api.call((clients) => clients.rbac.createClusterRoleBinding({ body })),
            not("create", "clusterrolebindings"),
          ),
          delegates.map(({ argument, as }) =>
            refused(
              `the holder of --${argument} creates a pod`,
              async () => createPod(lab, await apiServer.api(as), namespace),
              forbidden("create", "pods"),
            ),
          ),
        ],
      };
    });
  },
);
