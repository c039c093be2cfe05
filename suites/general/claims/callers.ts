import { byCertificate, byToken, forge, type Identity, nobody } from "../../../harness/credentials.ts";
import { serviceAccount } from "../../../harness/fixtures.ts";
import {
  claim,
  forbidden,
  kubernetes,
  observed,
  onEach,
  refused,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { enumeration, nothingBeyond } from "../../../harness/probes.ts";

claim(
  "general/authenticators-accounted",
  {
    says: "The API server authenticates callers in kubeadm's ways only, and in harmless ones that the config asks for",
    documented: kubernetes(
      "Authenticating, Authentication strategies",
      "reference/access-authn-authz/authentication/#authentication-strategies",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const { identity: genuine, user } = await serviceAccount(lab);
    const forged = byToken(await forge.otherKey(genuine.token), "a forged service account token");
    const madeUp = byToken(lab.unique("token"), "a token of no file");
    return onEach(lab.apiServers, async (apiServer) => ({
      works: [
        works("a service account asks who it is", () => apiServer.whoAmI(genuine), {
          shows: `the user is ${user}`,
          where: ({ username }) => username === user,
        }),
      ],
      observed: [
        observed(
          "every authenticator of the API server",
          async () =>
            enumeration(
              apiServer.node,
              "arguments and files of kube-apiserver",
              await apiServer.authenticators(),
            ),
          nothingBeyond("those of kubeadm, and harmless ones that the config asks for"),
        ),
      ],
      refused: [
        refused(
          "the bearer of a token that no authenticator can verify asks who it is",
          () => apiServer.whoAmI(forged),
          unauthorized(),
        ),
        refused(
          "the bearer of a token in a static token file, or of a made-up one, asks who it is",
          async () => apiServer.whoAmI((await apiServer.staticBearers())[0] ?? madeUp),
          unauthorized(),
        ),
      ],
    }));
  },
);

claim(
  "general/authorizers-accounted",
  {
    says: "The API server's authorizers are Node and RBAC, with at most a webhook of the config that fails closed",
    documented: kubernetes(
      "Authorization, Authorization modes",
      "reference/access-authn-authz/authorization/#authorization-modules",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const [administrator, ca] = await Promise.all([lab.administrator(), lab.credentials.authority("ca")]);
    const user = lab.unique("stranger");
    const stranger = byCertificate(await ca.issue({ cn: user, usages: ["client"] }));
    const listsSecrets = (as: Identity) => (apiServer: (typeof lab.apiServers)[number]) => () =>
      apiServer.call(as, ({ core }) => core.listNamespacedSecret({ namespace: "kube-system" }));
    return onEach(lab.apiServers, (apiServer) => ({
      works: [works("the administrator lists Secrets", listsSecrets(administrator)(apiServer))],
      observed: [
        observed(
          "every authorizer of the API server, in its order",
          async () =>
            enumeration(
              apiServer.node,
              "arguments and files of kube-apiserver",
              await apiServer.authorizers(),
            ),
          nothingBeyond("Node, RBAC, and at most a webhook of the config that fails closed"),
        ),
      ],
      refused: [
        refused(
          "an authenticated stranger lists Secrets",
          listsSecrets(stranger)(apiServer),
          forbidden("list", "secrets", { user }),
        ),
      ],
    }));
  },
);

claim(
  "general/bindings-of-many",
  {
    says: "RBAC gives anonymous and authenticated callers, all service accounts and all nodes no more than the defaults",
    documented: kubernetes(
      "Using RBAC Authorization, Default roles and role bindings",
      "reference/access-authn-authz/rbac/#default-roles-and-role-bindings",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const { identity, user } = await serviceAccount(lab);
    return onEach(lab.apiServers, async (apiServer) => ({
      works: [works("a service account asks who it is", () => apiServer.whoAmI(identity))],
      observed: [
        observed(
          "every binding of such callers",
          async () => enumeration(apiServer.node, "RBAC", await apiServer.broadBindings()),
          nothingBeyond("the defaults of Kubernetes and kubeadm"),
        ),
      ],
      refused: [
        refused(
          "a service account without rights lists pods",
          () => apiServer.call(identity, ({ core }) => core.listPodForAllNamespaces()),
          forbidden("list", "pods", { user }),
        ),
        refused(
          "an anonymous caller reads the metrics",
          () => apiServer.request(nobody, { path: "/metrics" }),
          await apiServer.refusesAnonymous("/metrics"),
        ),
      ],
    }));
  },
);
