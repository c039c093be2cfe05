import {
  Authority,
  byCertificate,
  certificatesIn,
  describeCertificate,
  type Identity,
  type Leaf,
  nobody,
  rightTwin,
  wrong,
} from "../../harness/credentials.ts";
import { allow } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { type ApiClient, argumentOf, kubeconfigOf } from "../../harness/nodes.ts";
import {
  type Api,
  accessReview,
  cheapestVantage,
  https,
  observation,
  type Review,
  readApi,
  servedCertificate,
  type UserInfo,
  until,
  whoAmI,
} from "../../harness/probes.ts";

const unauthorized = { status: 401, reason: /Unauthorized/ };

const listingNodes = (api: Api) => () => api.call(({ core }) => core.listNode());

const readingSecrets = (api: Api) => () =>
  api.call(({ core }) => core.listNamespacedSecret({ namespace: "kube-system" }));

/** The mightiest certificate there is: what is wrong with a twin of it is all that keeps the twin out. */
const administratorsCertificate = async (lab: Lab) => (await lab.administrator()).certificate?.certPem ?? "";

/** kubeadm's kubeconfigs, and the user and groups that each is documented to bear. */
function documentedNames(lab: Lab): Record<string, UserInfo> {
  const who = (username: string, ...groups: string[]): UserInfo => ({
    username,
    groups: [...groups, "system:authenticated"].sort(),
  });
  const names = {
    "controller-manager.conf": who("system:kube-controller-manager"),
    "scheduler.conf": who("system:kube-scheduler"),
    "kubelet.conf": who(`system:node:${lab.node.name}`, "system:nodes"),
  };
  if (!lab.cluster.version.atLeast("1.29")) {
    return { ...names, "admin.conf": who("kubernetes-admin", "system:masters") };
  }
  return {
    ...names,
    "admin.conf": who("kubernetes-admin", "kubeadm:cluster-admins"),
    "super-admin.conf": who("kubernetes-super-admin", "system:masters"),
  };
}

claim(
  "api-clients/subject-is-identity",
  {
    says: "The CN of a client's certificate is the user and its O are the groups; kubeadm's kubeconfigs bear the documented ones",
    documented: slide("API server clients"),
  },
  async (lab) => {
    const ca = await lab.credentials.authority("ca");
    const subject = { cn: "jean.doe", organizations: ["foo", "bar"], usages: ["client" as const] };
    const jean = byCertificate(await ca.issue(subject));
    const rogue = await Authority.lookalike(ca.certPem);
    const forged = byCertificate(await rogue.issue(subject), "jean.doe, by a rogue CA of the same name");
    const taken = (name: string, as: Identity, { username, groups }: UserInfo) =>
      works<UserInfo>(name, () => whoAmI(lab.api(as)), {
        shows: `the user ${username}, in ${groups.join(", ")}`,
        where: (who) => who.username === username && who.groups.join() === groups.join(),
      });
    const kubeconfigs = await Promise.all(
      Object.entries(documentedNames(lab)).map(async ([file, who]) =>
        taken(file, await lab.credentials.kubeconfig(file), who),
      ),
    );
    return {
      works: [
        taken("a made-up subject with two groups", jean, {
          username: "jean.doe",
          groups: ["bar", "foo", "system:authenticated"],
        }),
        ...kubeconfigs,
      ],
      refused: [
        refused(
          "the same subject from a rogue CA",
          () => whoAmI(lab.api(forged)),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

claim(
  "api-clients/cluster-ca-alone",
  {
    says: "Only the CA that --client-ca-file names makes clients: system:masters from another CA, be it etcd's, is nobody",
    documented: slide("API server clients"),
  },
  async (lab) => {
    const [ca, etcdCa, frontProxyCa, genuine] = await Promise.all([
      lab.credentials.authority("ca"),
      lab.credentials.authority("etcd/ca"),
      lab.credentials.authority("front-proxy-ca"),
      administratorsCertificate(lab),
    ]);
    const caFile = (await argumentOf(lab.node, "kube-apiserver", "client-ca-file")) ?? "";
    const trusted = async () => {
      const cas = splitCertificates(await lab.credentials.file(caFile));
      const names = cas.map((pem) => `CN=${describeCertificate(pem).subject.cn}`);
      return observation(lab.node, caFile, cas.map(fingerprint), names.join(", "));
    };
    const administrator = (leaf: Leaf, by: string) =>
      listingNodes(lab.api(byCertificate(leaf, `the administrator's subject, by ${by}`)));
    const [twin, rogue, byEtcd, byFrontProxy] = await Promise.all([
      rightTwin(genuine, ca),
      wrong.rogueCa(genuine, ca),
      wrong.otherCa(genuine, etcdCa),
      wrong.otherCa(genuine, frontProxyCa),
    ]);
    return {
      works: [
        works("a fresh certificate of the cluster's CA", administrator(twin, "the cluster's CA")),
        works<string[]>("the file that the live argument names", trusted, {
          shows: "the cluster's CA alone",
          where: (cas) => cas.join() === fingerprint(ca.certPem),
        }),
      ],
      refused: [
        refused(
          "a rogue CA of the same name",
          administrator(rogue, "a rogue CA"),
          "authentication",
          unauthorized,
        ),
        refused("etcd's CA", administrator(byEtcd, "etcd's CA"), "authentication", unauthorized),
        refused(
          "the front proxy's CA",
          administrator(byFrontProxy, "the front proxy's CA"),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

const fingerprint = (pem: string) => describeCertificate(pem).fingerprint;

const splitCertificates = (bundle: string) =>
  certificatesIn(bundle).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];

claim(
  "api-clients/validity-checked",
  {
    says: "The API server refuses a client's certificate outside its time, and one that is for servers only",
    documented: slide("API server clients"),
  },
  async (lab) => {
    const ca = await lab.credentials.authority("ca");
    const genuine = (await lab.credentials.kubeconfig("admin.conf")).certificate?.certPem ?? "";
    const [twin, expired, early, server] = await Promise.all([
      rightTwin(genuine, ca),
      wrong.expired(genuine, ca),
      wrong.notYetValid(genuine, ca),
      wrong.usage(genuine, ca),
    ]);
    const asking = (leaf: Leaf, label: string) =>
      listingNodes(lab.api(byCertificate(leaf, `admin.conf's subject, ${label}`)));
    return {
      works: [works("within its time, for clients", asking(twin, "as it should be"))],
      refused: [
        refused("expired yesterday", asking(expired, "expired"), "authentication", unauthorized),
        refused("valid from tomorrow", asking(early, "not valid yet"), "authentication", unauthorized),
        refused("for servers only", asking(server, "for servers only"), "authentication", unauthorized),
      ],
    };
  },
);

claim(
  "api-clients/rbac-decides",
  {
    says: "A certificate of the CA opens nothing by itself: the authorizer decides by its user and groups, request by request",
    documented: slide("API server clients"),
  },
  async (lab) => {
    const ca = await lab.credentials.authority("ca");
    const group = lab.unique("readers");
    const member = async (organizations: string[]) =>
      lab.api(byCertificate(await ca.issue({ cn: lab.unique("user"), organizations, usages: ["client"] })));
    const [reader, stranger] = await Promise.all([member([group]), member([])]);
    await allow(lab, [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }], {
      kind: "Group",
      name: group,
    });
    return {
      works: [works("a member of a group that may list nodes", listingNodes(reader))],
      refused: [
        refused("no member of it", listingNodes(stranger), "authorization", {
          status: 403,
          reason: /cannot list resource "nodes"/,
        }),
        refused("the member, about Secrets", readingSecrets(reader), "authorization", {
          status: 403,
          reason: /cannot list resource "secrets"/,
        }),
        refused("no certificate", listingNodes(lab.api(nobody)), "authorization", {
          status: 403,
          reason: /User "system:anonymous"/,
        }),
      ],
    };
  },
);

claim(
  "api-clients/server-verified",
  {
    says: "The components know the true API server: it shows the certificate of --tls-cert-file, and their kubeconfigs' CA vouches for no other server and no other name",
    documented: slide("API server clients"),
  },
  async (lab) => {
    const served = await lab.credentials.namedBy("kube-apiserver", "tls-cert-file", "tls-private-key-file");
    const scheduler = await kubeconfigOf(lab, "kube-scheduler");
    const etcd = await lab.etcdClient();
    const { hostname, port } = new URL(scheduler.server);
    const host = hostname.replace(/^\[|\]$/g, "");
    // A missing CA stays missing here: its owner would take any server for the API server.
    const trust = scheduler.caPem === undefined ? {} : { trust: scheduler.caPem };
    const server = { host, port: Number(port || 443), ...trust };
    const shown = (target: Parameters<typeof servedCertificate>[1]) => async () =>
      servedCertificate(await cheapestVantage(lab, target), target);
    const notThisServer = { reason: /the client refuses the server's certificate/ };
    return {
      works: [
        works<string>("what the API server shows to the scheduler", shown(server), {
          shows: "the certificate that --tls-cert-file names",
          where: (pem) => fingerprint(pem) === fingerprint(served.certificate?.certPem ?? ""),
        }),
        works("the scheduler, with its own kubeconfig", async () =>
          https(
            await cheapestVantage(lab, server),
            server,
            scheduler.identity,
            { path: "/api/v1/nodes" },
            readApi,
          ),
        ),
      ],
      refused: [
        refused("a server of another CA (etcd's port)", shown({ ...etcd, ...trust }), "tls", notThisServer),
        refused(
          "the API server under a name that it does not bear",
          shown({ ...server, serverName: "planeproof.invalid" }),
          "tls",
          { reason: /does not match certificate's altnames/ },
        ),
        refused(
          "the API server, judged by a rogue CA of the same name",
          shown({
            ...server,
            trust: (await Authority.lookalike(scheduler.caPem ?? served.certificate?.certPem ?? "")).certPem,
          }),
          "tls",
          notThisServer,
        ),
      ],
    };
  },
);

claim(
  "api-clients/kubeconfigs",
  {
    says: "Each component takes --kubeconfig, a file that holds the CA's certificate and the client's own key and certificate",
    documented: slide("API server clients"),
    outdated: {
      since: "1.17",
      now: "the kubelet's kubeconfig points at a certificate file that rotates, and kube-proxy's, which is named in the file of --config, at a token that rotates",
    },
  },
  async (lab) => {
    const using = async (command: ApiClient, form: string) => {
      const { identity, secretIn, caPem } = await kubeconfigOf(lab, command);
      return works(`the one of ${command}`, () => whoAmI(lab.api(identity)), {
        shows: `a CA and ${form}`,
        where: () => caPem !== undefined && form === `a ${identity.kind}, its secret in a ${secretIn}`,
      });
    };
    const inKubeconfig = "a certificate, its secret in a kubeconfig";
    return {
      works: [
        await using("kube-scheduler", inKubeconfig),
        await using("kube-controller-manager", inKubeconfig),
        await using("kubelet", "a certificate, its secret in a file"),
        await using("kube-proxy", "a token, its secret in a file"),
      ],
      refused: [
        refused("the CA of a kubeconfig without its key", () => whoAmI(lab.api(nobody)), "authorization", {
          status: 403,
          reason: /User "system:anonymous"/,
        }),
      ],
    };
  },
);

claim(
  "api-clients/admin-is-bound",
  {
    says: "admin.conf is an administrator by a ClusterRoleBinding alone, which can be revoked; super-admin.conf needs none",
    documented: kubernetes(
      "kubeadm implementation details, Generate kubeconfig files",
      "reference/setup-tools/kubeadm/implementation-details/#generate-kubeconfig-files-for-control-plane-components",
    ),
    versions: ">=1.29",
    exclusive: true,
  },
  async (lab) => {
    const name = "kubeadm:cluster-admins";
    const api = await lab.admin();
    const { metadata, ...binding } = await api.clients.rbac.readClusterRoleBinding({ name });
    const admin = lab.api(await lab.credentials.kubeconfig("admin.conf"));
    const request = { resource: "secrets", verb: "list" };
    const known = (allowed: boolean) => async () => {
      const { outcome } = await accessReview(api, {
        user: "kubernetes-admin",
        groups: ["kubeadm:cluster-admins"],
        resourceAttributes: request,
      });
      return outcome.kind === "accepted" && (outcome.data as Review).allowed === allowed;
    };
    const restore = async () => {
      const labels = metadata?.labels ? { labels: metadata.labels } : {};
      await api.clients.rbac.createClusterRoleBinding({
        body: { ...binding, metadata: { name, ...labels } },
      });
      await until("the authorizer to know of the binding again", known(true));
    };
    const revoked = async () => {
      lab.cleanup(restore);
      await api.clients.rbac.deleteClusterRoleBinding({ name });
      // Whether the authorizer has noticed is for the next control to show, not for this one.
      await until("the authorizer to notice", known(false), { timeoutMs: 5000 }).catch(() => {});
      return readingSecrets(api)();
    };
    return {
      works: [
        works("admin.conf, with its binding", readingSecrets(admin)),
        works("super-admin.conf, without that binding", revoked),
      ],
      refused: [
        refused("admin.conf, without its binding", readingSecrets(admin), "authorization", {
          status: 403,
          reason: /User "kubernetes-admin" cannot list resource "secrets"/,
        }),
      ],
    };
  },
);
