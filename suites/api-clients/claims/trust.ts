import { type Identity, trustBundle, wrong } from "../../../harness/credentials.ts";
import { runsKubeProxy } from "../../../harness/fixtures.ts";
import {
  type ApiClient,
  apiServersGiven,
  claim,
  kubernetes,
  observed,
  onEach,
  refused,
  serverNotTrusted,
  slide,
  together,
  trustsOnly,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { originOfFile } from "../../../harness/nodes.ts";
import { type Enumerated, enumeration, nothingBeyond } from "../../../harness/probes.ts";

const REQUEST_HEADER_CA = "requestheader-client-ca-file";

claim(
  "api-clients/front-proxy-ca-alone",
  {
    says: "The API server takes user names in headers only from clients of the front proxy's CA",
    documented: kubernetes(
      "Authenticating, Authenticating proxy",
      "reference/access-authn-authz/authentication/#authenticating-proxy",
    ),
    touches: "nothing",
    preconditions: [apiServersGiven(REQUEST_HEADER_CA)],
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
      return {
        works: [
          works("the front proxy asks for a user who that user is", asksFor(proxy), {
            shows: "the user of the header",
            where: ({ status }) => status?.userInfo?.username === user,
          }),
        ],
        observed: [
          trustsOnly(lab, apiServer, {
            name: `every CA in the file of --${REQUEST_HEADER_CA}`,
            argument: REQUEST_HEADER_CA,
            authority: "front-proxy-ca",
            judges: [proxy.certificate.certPem],
          }),
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
    const proxies = (await runsKubeProxy.met(lab.cluster, lab.scope)) ? lab.kubeProxies : [];
    const ofProxies = await onEach(proxies, async (proxy) => {
      const { works, observed } = await trusting(proxy);
      return { works, observed };
    });
    const ofPods = await onEach(lab.controllerManagers, (manager) => ({
      observed: [
        trustsOnly(lab, manager, {
          name: "every CA in the file of --root-ca-file, which pods are given",
          argument: "root-ca-file",
          authority: "ca",
          judges,
        }),
      ],
    }));
    return together(together(ofClients, ofProxies), ofPods);
  },
);
