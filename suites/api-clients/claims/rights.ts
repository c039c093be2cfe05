import { byCertificate, type Identity, nobody } from "../../../harness/credentials.ts";
import { allow, runsKubeProxy } from "../../../harness/fixtures.ts";
import {
  type ApiClient,
  type ApiServer,
  claim,
  forbidden,
  kubernetes,
  observed,
  onEach,
  refused,
  slide,
  together,
  works,
} from "../../../harness/index.ts";
import { observation, until } from "../../../harness/probes.ts";

const REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

const listNodes = (apiServer: ApiServer, as: Identity) => () =>
  apiServer.call(as, ({ core }) => core.listNode());

const listSecrets = (apiServer: ApiServer, as: Identity) => () =>
  apiServer.call(as, ({ core }) => core.listNamespacedSecret({ namespace: "kube-system" }));

claim(
  "api-clients/rbac-decides",
  {
    says: "A certificate of the cluster's CA grants nothing: RBAC decides by its user and groups, request by request",
    documented: slide("API server clients"),
    touches: "own-objects",
  },
  async (lab) => {
    const ca = await lab.credentials.authority("ca");
    const group = lab.unique("readers");
    const bearer = async (...organizations: string[]) =>
      byCertificate(await ca.issue({ cn: lab.unique("user"), organizations, usages: ["client"] }));
    const [reader, stranger] = await Promise.all([bearer(group), bearer()]);
    await allow(lab, [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }], {
      kind: "Group",
      name: group,
    });
    return onEach(lab.apiServers, async (apiServer) => ({
      works: [works("a member of a group that may list nodes does so", listNodes(apiServer, reader))],
      refused: [
        refused(
          "a user outside the group lists nodes",
          listNodes(apiServer, stranger),
          forbidden("list", "nodes"),
        ),
        refused(
          "the member of the group lists Secrets",
          listSecrets(apiServer, reader),
          forbidden("list", "secrets"),
        ),
        refused(
          "a client without a certificate lists nodes",
          listNodes(apiServer, nobody),
          await apiServer.refusesAnonymous("/api/v1/nodes", "list", "nodes"),
        ),
      ],
    }));
  },
);

claim(
  "api-clients/kubeconfigs",
  {
    says: "Each component takes --kubeconfig, a file with the CA's certificate and the client's own key and certificate",
    documented: slide("API server clients"),
    outdated: {
      since: "1.17",
      now: "the kubelet's kubeconfig points at a certificate file; kube-proxy takes no --kubeconfig, and its kubeconfig points at a token file",
    },
    touches: "nothing",
  },
  async (lab) => {
    const calls = (components: readonly ApiClient[], form: string) =>
      onEach(components, async (component) => {
        const { identity, secretIn, caPem } = await component.kubeconfig();
        return {
          works: [
            works(
              `${component.command} calls with its kubeconfig`,
              () => lab.apiServerFor(component.node).whoAmI(identity),
              {
                shows: `a CA and ${form}`,
                where: () =>
                  caPem !== undefined && form === `a ${identity.kind}, its secret in a ${secretIn}`,
              },
            ),
          ],
        };
      });
    const inKubeconfig = "a certificate, its secret in a kubeconfig";
    const proxies = (await runsKubeProxy.met(lab.cluster, lab.scope)) ? lab.kubeProxies : [];
    const withoutArgument = onEach(proxies, (proxy) => ({
      observed: [
        observed(
          "kube-proxy's arguments",
          async () => {
            const value = await proxy.argument("kubeconfig");
            const summary = `--kubeconfig is ${value ?? "not there"}`;
            return observation(proxy.node, "kube-proxy's arguments", value, summary);
          },
          { shows: "no --kubeconfig", where: (value) => value === undefined },
        ),
      ],
    }));
    const withoutKey = onEach(lab.apiServers, async (apiServer) => ({
      refused: [
        refused(
          "a client with a kubeconfig's CA, without its key, calls",
          () => apiServer.whoAmI(nobody),
          await apiServer.refusesAnonymous(REVIEWS, "create", "selfsubjectreviews"),
        ),
      ],
    }));
    const ofControlPlane = together(
      await calls(lab.schedulers, inKubeconfig),
      await calls(lab.controllerManagers, inKubeconfig),
    );
    const ofNodes = together(
      await calls(lab.kubelets, "a certificate, its secret in a file"),
      await calls(proxies, "a token, its secret in a file"),
    );
    return together(together(ofControlPlane, ofNodes), together(withoutArgument, withoutKey));
  },
);

claim(
  "api-clients/admin-is-bound",
  {
    says: "admin.conf loses its rights with the ClusterRoleBinding kubeadm:cluster-admins; super-admin.conf does not",
    documented: kubernetes(
      "Implementation details, Generate kubeconfig files for control plane components",
      "reference/setup-tools/kubeadm/implementation-details/#generate-kubeconfig-files-for-control-plane-components",
    ),
    versions: ">=1.29",
    touches: "cluster",
    exclusive: true,
  },
  async (lab) => {
    const name = "kubeadm:cluster-admins";
    const [administrator, admin] = await Promise.all([
      lab.administrator(),
      lab.credentials.kubeconfig("admin.conf"),
    ]);
    const { rbac } = (await lab.admin()).clients;
    const { metadata, ...binding } = await rbac.readClusterRoleBinding({ name });
    const known = (allowed: boolean) =>
      Promise.all(
        lab.apiServers.map((apiServer) =>
          until(
            `the authorizer of ${apiServer.node.name} to know of ${name}`,
            async () => {
              const { outcome } = await apiServer.accessReview(administrator, {
                user: "kubernetes-admin",
                groups: [name],
                resourceAttributes: { resource: "secrets", verb: "list" },
              });
              return outcome.kind === "accepted" && outcome.data.allowed === allowed;
            },
            { timeoutMs: 5_000 },
          ),
        ),
      );
    const restore = async () => {
      const labels = metadata?.labels ? { labels: metadata.labels } : {};
      const { items } = await rbac.listClusterRoleBinding({ fieldSelector: `metadata.name=${name}` });
      if (items.length === 0)
        await rbac.createClusterRoleBinding({ body: { ...binding, metadata: { name, ...labels } } });
      await known(true);
    };
    const unbind = async () => {
      lab.cleanup(`cluster role binding ${name}, which was deleted`, restore);
      await rbac.deleteClusterRoleBinding({ name });
      // Whether the authorizers have noticed is for the controls to show, not for this wait.
      await known(false).catch(() => {});
    };
    const before = await onEach(lab.apiServers, (apiServer) => ({
      works: [works("the holder of admin.conf lists Secrets", listSecrets(apiServer, admin))],
    }));
    const after = await onEach(lab.apiServers, (apiServer) => ({
      works: [works("the holder of super-admin.conf lists Secrets", listSecrets(apiServer, administrator))],
      refused: [
        refused(
          "the holder of admin.conf lists Secrets",
          listSecrets(apiServer, admin),
          forbidden("list", "secrets", { user: "kubernetes-admin" }),
        ),
      ],
    }));
    return { ...before, afterwards: { what: `the binding ${name} was deleted`, change: unbind, ...after } };
  },
);
