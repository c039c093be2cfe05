import { byCertificate, describeCertificate, wrong } from "../../harness/credentials.ts";
import { phantomNode, requestUser, serviceAccount } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { argumentOf, kubeconfigOf } from "../../harness/nodes.ts";
import {
  type Api,
  accessReview,
  observation,
  type Review,
  type UserInfo,
  whoAmI,
} from "../../harness/probes.ts";

const USER = "system:kube-controller-manager";
const REPLICASET_CONTROLLER = "system:serviceaccount:kube-system:replicaset-controller";

const managerApi = async (lab: Lab): Promise<Api> =>
  lab.api((await kubeconfigOf(lab, "kube-controller-manager")).identity);

/** What the controller manager must not do by its own name. */
const forbidden = (verb: string, resource: string) => ({
  status: 403,
  reason: new RegExp(`User "${USER}" cannot ${verb} resource "${resource}"`),
});

const makingPod = (api: Api, namespace: string, name: string) => () =>
  api.call(({ core }) =>
    core.createNamespacedPod({
      namespace,
      body: { metadata: { name }, spec: { containers: [{ name: "main", image: "planeproof.invalid" }] } },
    }),
  );

claim(
  "controller-manager/certificate-name",
  {
    says: `The live controller manager's kubeconfig holds a certificate of the cluster's CA with CN=${USER} and no group`,
    documented: slide("Controller manager"),
  },
  async (lab) => {
    const { identity } = await kubeconfigOf(lab, "kube-controller-manager");
    const genuine = identity.certificate?.certPem ?? "";
    const named = await lab.credentials.kubeconfig("controller-manager.conf");
    const rogue = await wrong.rogueCa(
      named.certificate?.certPem ?? "",
      await lab.credentials.authority("ca"),
    );
    const subject = async () => {
      const { cn, organizations } = describeCertificate(genuine).subject;
      const words = `CN=${cn}${organizations.map((group) => `, O=${group}`).join("")}`;
      return observation(lab.node, "the certificate in the controller manager's kubeconfig", words, words);
    };
    return {
      works: [
        works<UserInfo>(
          "the API server takes it for the controller manager",
          () => whoAmI(lab.api(identity)),
          {
            shows: `the user ${USER}, in no group but system:authenticated`,
            where: ({ username, groups }) => username === USER && groups.join() === "system:authenticated",
          },
        ),
        works<string>("its subject", subject, {
          shows: `CN=${USER}, without an O`,
          where: (words) => words === `CN=${USER}`,
        }),
      ],
      refused: [
        refused(
          "the same subject from a rogue CA",
          () => whoAmI(lab.api(byCertificate(rogue, `${USER}, by a rogue CA of the same name`))),
          "authentication",
          { status: 401 },
        ),
      ],
    };
  },
);

claim(
  "controller-manager/ordinary-client",
  {
    says: "The controller manager is an ordinary client of the API server: what it may do comes from bindings of RBAC to its name",
    documented: slide("Controller manager"),
  },
  async (lab) => {
    const [manager, admin, stranger] = await Promise.all([managerApi(lab), lab.admin(), serviceAccount(lab)]);
    const listing = (as: Api) => () => as.call(({ core }) => core.listPodForAllNamespaces());
    const tokens = {
      namespace: "kube-system",
      resource: "serviceaccounts",
      subresource: "token",
      verb: "create",
    };
    return {
      works: [
        works("it lists pods", listing(manager)),
        works<Review>(
          "why it may get tokens for its controllers' accounts",
          () => accessReview(admin, { user: USER, resourceAttributes: tokens }),
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
          "another client without such bindings",
          listing(lab.api(stranger.identity)),
          "authorization",
          {
            status: 403,
            reason: /cannot list resource "pods"/,
          },
        ),
      ],
    };
  },
);

claim(
  "controller-manager/controllers-are-service-accounts",
  {
    says: "Each controller acts under a service account of its own, which may do what the controller manager by its own name may not",
    documented: kubernetes(
      "Using RBAC Authorization, Roles for built-in controllers",
      "reference/access-authn-authz/rbac/#controller-roles",
    ),
  },
  async (lab) => {
    const [manager, admin, namespace] = await Promise.all([managerApi(lab), lab.admin(), lab.namespace()]);
    const flag = async () => {
      const value = await argumentOf(lab.node, "kube-controller-manager", "use-service-account-credentials");
      return observation(lab.node, "--use-service-account-credentials", value, value ?? "not given");
    };
    const creating = { namespace, resource: "pods", verb: "create" };
    return {
      works: [
        works<string>("who makes the pods of a ReplicaSet", () => requestUser(lab), {
          shows: REPLICASET_CONTROLLER,
          where: (user) => user === REPLICASET_CONTROLLER,
        }),
        works<Review>(
          "why that account may",
          () => accessReview(admin, { user: REPLICASET_CONTROLLER, resourceAttributes: creating }),
          {
            shows: "a ClusterRoleBinding to the account alone",
            where: ({ allowed, reason }) =>
              allowed && reason.includes('ClusterRoleBinding "system:controller:replicaset-controller"'),
          },
        ),
        works<string>("the live argument", flag, { shows: "true", where: (value) => value === "true" }),
      ],
      refused: [
        refused(
          "the controller manager, by its own name",
          makingPod(manager, namespace, lab.unique("planeproof")),
          "authorization",
          forbidden("create", "pods"),
        ),
      ],
    };
  },
);

claim(
  "controller-manager/no-more-than-it-needs",
  {
    says: "By its own name the controller manager reads everything, Secrets too, but cannot delete a Node, make a pod or give rights away",
    documented: kubernetes(
      "Using RBAC Authorization, Core component roles",
      "reference/access-authn-authz/rbac/#core-component-roles",
    ),
  },
  async (lab) => {
    const manager = await managerApi(lab);
    const [namespace, node] = await Promise.all([lab.namespace(), phantomNode(lab)]);
    const name = lab.unique("planeproof");
    const apiGroup = "rbac.authorization.k8s.io";
    const { rbac } = (await lab.admin()).clients;
    lab.cleanup(() => rbac.deleteClusterRoleBinding({ name }).catch(() => {}));
    return {
      works: [
        works("it lists Secrets: a limit of what this claim protects", () =>
          manager.call(({ core }) => core.listNamespacedSecret({ namespace })),
        ),
      ],
      refused: [
        refused(
          "a Node's end",
          () => manager.call(({ core }) => core.deleteNode({ name: node.name })),
          "authorization",
          forbidden("delete", "nodes"),
        ),
        refused(
          "a pod of its own making",
          makingPod(manager, namespace, name),
          "authorization",
          forbidden("create", "pods"),
        ),
        refused(
          "every right, given to itself",
          () =>
            manager.call((clients) =>
              clients.rbac.createClusterRoleBinding({
                body: {
                  metadata: { name },
                  roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" },
                  subjects: [{ apiGroup, kind: "User", name: USER }],
                },
              }),
            ),
          "authorization",
          forbidden("create", "clusterrolebindings"),
        ),
      ],
    };
  },
);
