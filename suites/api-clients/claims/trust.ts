import { type Identity, trustBundle, wrong } from "../../../harness/credentials.ts";
import { runsKubeProxy } from "../../../harness/fixtures.ts";
import {
  type ApiClient,
  type Cluster,
  claim,
  kubernetes,
  observed,
  onEach,
  refused,
  serverNotTrusted,
  slide,
  together,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { argumentOf, originOfFile } from "../../../harness/nodes.ts";
import { type Enumerated, enumeration, nothingBeyond } from "../../../harness/probes.ts";

const REQUEST_HEADER_CA = "requestheader-client-ca-file";

const takesRequestHeaders = {
  what: `an API server with --${REQUEST_HEADER_CA}`,
  met: async ({ controlPlanes }: Cluster) => {
    const ask = controlPlanes.map((node) => argumentOf(node, "kube-apiserver", REQUEST_HEADER_CA));
    return (await Promise.all(ask)).every(Boolean);
  },
};

claim(
  "api-clients/front-proxy-ca-alone",
  {
    says: "The API server takes user names in headers only from clients of the front proxy's CA",
    documented: kubernetes(
      "Authenticating, Authenticating proxy",
      "reference/access-authn-authz/authentication/#authenticating-proxy",
    ),
    touches: "nothing",
    preconditions: [takesRequestHeaders],
  },
  async (lab) => {
    const etcdCa = await lab.credentials.authority("etcd/ca");
    return onEach(lab.apiServers, async (apiServer) => {
      const proxy = await apiServer.namedCertificate("proxy-client-cert-file", "proxy-client-key-file");
      const ofEtcd = await wrong.otherCa(proxy, etcdCa);
      const [header = ""] = ((await apiServer.argument("requestheader-username-headers")) ?? "").split(",");
      const user = lab.unique("guest");
      const asksFor = (as: Identity) => () =>
        apiServer.request<{ status?: { userInfo?: { username?: string } } }>(as, {
          method: "POST",
          path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
          headers: { [header]: user },
          body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
        });
      const trusted = async () => {
        const judges = [proxy.certificate.certPem];
        const file = await apiServer.caFile(REQUEST_HEADER_CA);
        const cas = await trustBundle(lab, file, { authority: "front-proxy-ca", judges });
        return enumeration(apiServer.node, `kube-apiserver's --${REQUEST_HEADER_CA}`, cas);
      };
      return {
        works: [
          works("the front proxy asks for a user who that user is", asksFor(proxy), {
            shows: "the user of the header",
            where: ({ status }) => status?.userInfo?.username === user,
          }),
        ],
        observed: [
          observed(
            `every CA in the file of --${REQUEST_HEADER_CA}`,
            trusted,
            nothingBeyond("the front proxy's CA only"),
          ),
        ],
        refused: [
          refused(
            "a client of etcd's CA with the front proxy's name asks the same",
            asksFor(ofEtcd),
            unauthorized(),
          ),
        ],
      };
    });
  },
);

claim(
  "api-clients/no-other-server-ca",
  {
    says: "The API server's clients, kube-proxy and pods included, verify it by the cluster's CA and trust no other",
    documented: slide("API server clients"),
    touches: "nothing",
  },
  async (lab) => {
    const judges = await Promise.all(lab.apiServers.map((one) => one.fileOf("tls-cert-file")));
    const from = originOfFile(lab.cluster, lab.cluster.pki("ca.crt"));
    const trusting = async (client: ApiClient) => {
      const { command, node } = client;
      const { caPem } = await client.kubeconfig();
      const trust = caPem === undefined ? {} : { trust: caPem };
      const none: Enumerated = { what: "no CA", fault: "which takes any server for the API server" };
      const trusted = async () => {
        const purpose = { authority: "ca", judges } as const;
        const cas = caPem ? await trustBundle(lab, { pem: caPem, from }, purpose) : [none];
        return enumeration(node, `${command}'s kubeconfig`, cas);
      };
      return {
        works: [
          works(`${command} verifies the API server by its kubeconfig`, () =>
            lab.apiServerFor(node).servedCertificate(trust),
          ),
        ],
        observed: [
          observed(`every CA in ${command}'s kubeconfig`, trusted, nothingBeyond("the cluster's CA only")),
        ],
        refused: [
          refused(
            `${command} takes etcd for the API server`,
            () => lab.etcdOn(lab.node).servedCertificate("client", trust),
            serverNotTrusted(),
          ),
        ],
      } as const;
    };
    const clients = [...lab.schedulers, ...lab.controllerManagers, ...lab.kubelets];
    const ofClients = await onEach(clients as ApiClient[], trusting);
    // kube-proxy's CA is the one of all pods: what it takes for the API server, they do.
    const proxies = (await runsKubeProxy.met(lab.cluster)) ? lab.kubeProxies : [];
    const ofProxies = await onEach(proxies, async (proxy) => {
      const { works, observed } = await trusting(proxy);
      return { works, observed };
    });
    const ofPods = await onEach(lab.controllerManagers, (manager) => ({
      observed: [
        observed(
          "every CA in the file of --root-ca-file, which pods are given",
          async () => {
            const file = await manager.caFile("root-ca-file");
            const cas = await trustBundle(lab, file, { authority: "ca", judges });
            return enumeration(manager.node, "kube-controller-manager's --root-ca-file", cas);
          },
          nothingBeyond("the cluster's CA only"),
        ),
      ],
    }));
    return together(together(ofClients, ofProxies), ofPods);
  },
);
