import { byCertificate, describeCertificate, wrong } from "../../harness/credentials.ts";
import { createSecret, idlePod, phantomNode, serviceAccount } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { kubeconfigOf } from "../../harness/nodes.ts";
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

const USER = "system:kube-scheduler";

const schedulerApi = async (lab: Lab): Promise<Api> =>
  lab.api((await kubeconfigOf(lab, "kube-scheduler")).identity);

claim(
  "scheduler/certificate-name",
  {
    says: `The live scheduler's kubeconfig holds a certificate of the cluster's CA with CN=${USER} and no group`,
    documented: slide("Scheduler"),
  },
  async (lab) => {
    const { identity } = await kubeconfigOf(lab, "kube-scheduler");
    const genuine = identity.certificate?.certPem ?? "";
    const named = await lab.credentials.kubeconfig("scheduler.conf");
    const rogue = await wrong.rogueCa(
      named.certificate?.certPem ?? "",
      await lab.credentials.authority("ca"),
    );
    const subject = async () => {
      const { cn, organizations } = describeCertificate(genuine).subject;
      const words = `CN=${cn}${organizations.map((group) => `, O=${group}`).join("")}`;
      return observation(lab.node, "the certificate in the scheduler's kubeconfig", words, words);
    };
    return {
      works: [
        works<UserInfo>("the API server takes it for the scheduler", () => whoAmI(lab.api(identity)), {
          shows: `the user ${USER}, in no group but system:authenticated`,
          where: ({ username, groups }) => username === USER && groups.join() === "system:authenticated",
        }),
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
  "scheduler/ordinary-client",
  {
    says: "The scheduler is an ordinary client of the API server: all that it may do comes from bindings of RBAC to its name",
    documented: slide("Scheduler"),
  },
  async (lab) => {
    const scheduler = await schedulerApi(lab);
    const admin = await lab.admin();
    const stranger = await serviceAccount(lab);
    const binding = { resource: "pods", subresource: "binding", verb: "create" };
    const listing = (as: Api) => () => as.call(({ core }) => core.listPodForAllNamespaces());
    return {
      works: [
        works("it lists pods", listing(scheduler)),
        works<Review>(
          "why it may bind pods",
          () => accessReview(admin, { user: USER, resourceAttributes: binding }),
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
  "scheduler/binds-pods",
  {
    says: "Pods get their node from the scheduler: its credential binds a pod, and others' do not",
    documented: kubernetes("Kubernetes Scheduler", "concepts/scheduling-eviction/kube-scheduler/"),
  },
  async (lab) => {
    const node = await phantomNode(lab);
    const [scheduler, admin, stranger, manager] = await Promise.all([
      schedulerApi(lab),
      lab.admin(),
      serviceAccount(lab),
      lab.credentials.kubeconfig("controller-manager.conf"),
    ]);
    const unscheduled = await idlePod(lab, { scheduler: "planeproof.example/nobody" });
    const { name = "", namespace = "" } = unscheduled.metadata ?? {};
    const bind = (as: Api) => () =>
      as.request({
        path: `/api/v1/namespaces/${namespace}/pods/${name}/binding`,
        body: {
          apiVersion: "v1",
          kind: "Binding",
          metadata: { name },
          target: { apiVersion: "v1", kind: "Node", name: node.name },
        },
      });
    const chosen = async () => {
      const waiting = await idlePod(lab);
      const asked = { name: waiting.metadata?.name ?? "", namespace };
      await until("a node for the pod", async () => {
        return (await admin.clients.core.readNamespacedPod(asked)).spec?.nodeName;
      });
      return admin.call(({ core }) => core.readNamespacedPod(asked));
    };
    const notAllowed = { status: 403, reason: /cannot create resource "pods\/binding"/ };
    return {
      works: [
        works("a pod that names no node gets one", chosen),
        works("the scheduler's credential binds a pod that waits", bind(scheduler), { status: 201 }),
      ],
      refused: [
        refused(
          "a service account without rights",
          bind(lab.api(stranger.identity)),
          "authorization",
          notAllowed,
        ),
        refused("the controller manager", bind(lab.api(manager)), "authorization", notAllowed),
        refused("the node itself", bind(lab.api(node.identity)), "authorization", notAllowed),
      ],
    };
  },
);

claim(
  "scheduler/no-more-than-it-needs",
  {
    says: "The scheduler reads nodes and pods, but neither Secrets, nor may it change a Node, make a pod or give rights away",
    documented: kubernetes(
      "Using RBAC Authorization, Core component roles",
      "reference/access-authn-authz/rbac/#core-component-roles",
    ),
  },
  async (lab) => {
    const scheduler = await schedulerApi(lab);
    const namespace = await lab.namespace();
    const [secret, node] = await Promise.all([createSecret(lab), phantomNode(lab)]);
    const forbidden = (verb: string, resource: string) => ({
      status: 403,
      reason: new RegExp(`User "${USER}" cannot ${verb} resource "${resource}"`),
    });
    const name = lab.unique("planeproof");
    return {
      works: [
        works("it reads a Node", () => scheduler.call(({ core }) => core.readNode({ name: node.name }))),
        works("it reads pods", () => scheduler.call(({ core }) => core.listNamespacedPod({ namespace }))),
      ],
      refused: [
        refused(
          "a Secret",
          () => scheduler.call(({ core }) => core.readNamespacedSecret({ name: secret, namespace })),
          "authorization",
          forbidden("get", "secrets"),
        ),
        refused(
          "a Node's taints",
          () => mergePatch(scheduler, `/api/v1/nodes/${node.name}`, { spec: { taints: [] } }),
          "authorization",
          forbidden("patch", "nodes"),
        ),
        refused(
          "a pod of its own making",
          () =>
            scheduler.call(({ core }) =>
              core.createNamespacedPod({
                namespace,
                body: {
                  metadata: { name },
                  spec: { containers: [{ name: "main", image: "planeproof.invalid" }] },
                },
              }),
            ),
          "authorization",
          forbidden("create", "pods"),
        ),
      ],
    };
  },
);
