import { describeCertificate, wrong } from "../../../harness/credentials.ts";
import { rogueKubelet, servingAuthority } from "../../../harness/fixtures.ts";
import {
  type ApiServer,
  type Cluster,
  claim,
  forbidden,
  kubernetes,
  type Lab,
  limit,
  offers,
  onEach,
  refused,
  slide,
  together,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { mapAnswer, podLog } from "../../../harness/probes.ts";

/** The client certificate that kubeadm makes for the API server to show to kubelets. */
const forKubelets = (lab: Lab) => lab.credentials.certificate("apiserver-kubelet-client");

const podsAreThere = {
  status: 200,
  shows: "pods",
  where: (body: string) => JSON.parse(body).items.length > 0,
};

claim(
  "api-to-kubelet/dedicated-key-pair",
  {
    says: "The API server shows a kubelet the certificate that its --kubelet-client-certificate names, and no other",
    documented: slide("API server → kubelet"),
    touches: "own-objects",
    preconditions: [offers("hostAddress")],
  },
  async (lab) => {
    const [administrator, genuine, clusterCa, kubeletCa] = await Promise.all([
      lab.administrator(),
      forKubelets(lab),
      lab.credentials.authority("ca"),
      servingAuthority(lab),
    ]);
    const lookalike = await wrong.rogueCa(genuine, clusterCa);
    const shown = onEach(lab.apiServers, async (apiServer) => {
      const admin = await apiServer.api(administrator);
      const file = await apiServer.argument("kubelet-client-certificate");
      const named = file ? describeCertificate(await apiServer.readFile(file)).fingerprint : "none";
      const rogue = await rogueKubelet(lab, (address) =>
        kubeletCa.issue({ cn: "a kubelet of ours", usages: ["server"], sans: { ip: [address] } }),
      );
      const callers = async () =>
        mapAnswer(await podLog(admin, rogue.pod), () => {
          const data = rogue.callers.flatMap((pem) => (pem ? describeCertificate(pem) : []));
          const summary = data.map(({ subject, issuer }) => `CN=${subject.cn}, signed by CN=${issuer.cn}`);
          return { data, summary: summary.join("; ") || "no certificate" };
        });
      return {
        works: [
          works("the API server asks a kubelet of ours for a log", callers, {
            shows: "the very certificate that the argument names",
            where: (certificates) =>
              certificates.length === rogue.callers.length &&
              certificates.length > 0 &&
              certificates.every(({ fingerprint }) => fingerprint === named),
          }),
        ],
      };
    });
    const accepted = onEach(lab.kubelets, (kubelet) => ({
      works: [works("the API server reads pods", () => kubelet.get(genuine, "/pods"), podsAreThere)],
      refused: [
        refused(
          "the same subject, signed by a rogue CA of the same name, reads pods",
          () => kubelet.get(lookalike, "/pods"),
          unauthorized(),
        ),
      ],
    }));
    return together(shown, accepted);
  },
);

claim(
  "api-to-kubelet/no-other-component",
  {
    says: "The kubelet refuses the certificates of scheduler, controller manager, kubelet, front proxy and etcd client",
    documented: kubernetes(
      "Kubelet authorization",
      "reference/access-authn-authz/kubelet-authn-authz/#kubelet-authorization",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const [apiServer, frontProxy, etcdClient, scheduler, controllerManager] = await Promise.all([
      forKubelets(lab),
      lab.credentials.certificate("front-proxy-client"),
      lab.credentials.certificate("apiserver-etcd-client"),
      lab.credentials.kubeconfig("scheduler.conf"),
      lab.credentials.kubeconfig("controller-manager.conf"),
    ]);
    return onEach(lab.kubelets, async (kubelet) => {
      const itself = await kubelet.identity();
      const forbids = (user: string) => kubelet.forbids("get", "/pods", user);
      return {
        works: [works("the API server reads pods", () => kubelet.get(apiServer, "/pods"), podsAreThere)],
        refused: [
          refused(
            "the front proxy client reads pods",
            () => kubelet.get(frontProxy, "/pods"),
            unauthorized(),
          ),
          refused("the etcd client reads pods", () => kubelet.get(etcdClient, "/pods"), unauthorized()),
          refused(
            "the scheduler reads pods",
            () => kubelet.get(scheduler, "/pods"),
            await forbids("system:kube-scheduler"),
          ),
          refused(
            "the controller manager reads pods",
            () => kubelet.get(controllerManager, "/pods"),
            await forbids("system:kube-controller-manager"),
          ),
          refused(
            "the kubelet reads pods",
            () => kubelet.get(itself, "/pods"),
            await forbids(`system:node:${kubelet.node.name}`),
          ),
        ],
      };
    });
  },
);

/** The first release of each minor whose kubeadm gives the certificate no group (kubernetes/kubernetes#138957). */
const WITHOUT_GROUP = ["1.33.12", "1.34.8", "1.35.5", "1.36.1", "1.37.0"];
const withoutGroup = ({ version }: Cluster) => version.since(WITHOUT_GROUP);

const certificatesPage = kubernetes(
  "PKI certificates and requirements, All certificates",
  "setup/best-practices/certificates/#all-certificates",
);

/** The certificate that an API server shows to kubelets, by its own arguments. */
const shownBy = (apiServer: ApiServer) =>
  apiServer.namedCertificate("kubelet-client-certificate", "kubelet-client-key");

claim(
  "api-to-kubelet/kubelets-alone",
  {
    says: "The API server's certificate for kubelets has no group: it reads kubelets' pods, but cannot list Secrets",
    documented: certificatesPage,
    touches: "nothing",
    preconditions: [{ what: `kubeadm of ${WITHOUT_GROUP.join(", ")} or later`, met: withoutGroup }],
  },
  async (lab) => {
    const toServers = onEach(lab.apiServers, async (apiServer) => {
      const as = await shownBy(apiServer);
      const user = describeCertificate(as.certificate.certPem).subject.cn;
      return {
        works: [
          works("the certificate's holder asks who it is", () => apiServer.whoAmI(as), {
            shows: `${user}, in system:authenticated only`,
            where: ({ username, groups }) => username === user && groups.join() === "system:authenticated",
          }),
        ],
        refused: [
          refused(
            "the certificate's holder lists Secrets of kube-system",
            () => apiServer.call(as, ({ core }) => core.listNamespacedSecret({ namespace: "kube-system" })),
            forbidden("list", "secrets", { user }),
          ),
        ],
      };
    });
    const toKubelets = onEach(lab.kubelets, async (kubelet) => {
      const as = await shownBy(lab.apiServerFor(kubelet.node));
      return {
        works: [works("the certificate's holder reads pods", () => kubelet.get(as, "/pods"), podsAreThere)],
      };
    });
    return together(toServers, toKubelets);
  },
);

claim(
  "api-to-kubelet/group-is-administrator",
  {
    says: "Limit: the API server's certificate for kubelets has an administrators' group, and can list Secrets",
    documented: certificatesPage,
    touches: "nothing",
    preconditions: [
      { what: `kubeadm before ${WITHOUT_GROUP.join(", ")}`, met: (cluster) => !withoutGroup(cluster) },
    ],
    limit: { closedBy: "a `--kubelet-client-certificate` of your own without that group" },
  },
  async (lab) => {
    const clusterCa = await lab.credentials.authority("ca");
    return onEach(lab.apiServers, async (apiServer) => {
      const as = await shownBy(apiServer);
      const groupless = await wrong.subject(as, clusterCa, { organizations: [] });
      const secrets = (who: typeof as) => () =>
        apiServer.call(who, ({ core }) => core.listNamespacedSecret({ namespace: "kube-system" }));
      return {
        works: [
          works("the certificate's holder asks who it is", () => apiServer.whoAmI(as)),
          limit(
            works("the certificate's holder lists Secrets of kube-system", secrets(as)),
            forbidden("list", "secrets"),
          ),
        ],
        refused: [
          refused(
            "the same name without the group lists Secrets of kube-system",
            secrets(groupless),
            forbidden("list", "secrets", { user: "kube-apiserver-kubelet-client" }),
          ),
        ],
      };
    });
  },
);
