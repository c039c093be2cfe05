import { Authority } from "../../harness/credentials.ts";
import { podOnEachNode, rogueKubelet, servingAuthority, startsPods } from "../../harness/fixtures.ts";
import {
  apiServersGiven,
  claim,
  invariant,
  kubernetes,
  type Lab,
  offers,
  onEach,
  plaintextRefused,
  refused,
  serverNotTrusted,
  tlsAlert,
  together,
  trustsOnly,
  works,
} from "../../harness/index.ts";
import { fromNode, podLog, servedCertificate } from "../../harness/probes.ts";

/** A client that kubelets serve: the API server's certificate for them. */
const kubeletClient = (lab: Lab) => lab.credentials.certificate("apiserver-kubelet-client");

claim(
  "kubelet-serving/rogue-kubelet-refused",
  {
    says: "The API server refuses a kubelet whose serving certificate is signed by a rogue CA",
    documented: kubernetes(
      "Communication between Nodes and the Control Plane, API server to kubelet",
      "concepts/architecture/control-plane-node-communication/#api-server-to-kubelet",
    ),
    touches: "own-objects",
    preconditions: [offers("hostAddress"), ...startsPods],
  },
  async (lab) => {
    const serving = (authority: Authority) =>
      rogueKubelet(lab, (address) =>
        authority.issue({ cn: "a kubelet", usages: ["server"], sans: { ip: [address] } }),
      );
    const [canary, administrator, kubeletCa] = [
      lab.unique("canary"),
      await lab.administrator(),
      await servingAuthority(lab),
    ];
    // The rogue's certificate bears the right address: a refusal can only be for its authority.
    const [pods, trusted, rogue] = await Promise.all([
      podOnEachNode(lab, `echo ${canary}; exec sleep infinity`),
      serving(kubeletCa),
      serving(await Authority.lookalike(kubeletCa.certPem)),
    ]);
    return onEach(
      lab.apiServers,
      async (apiServer) => {
        const admin = await apiServer.api(administrator);
        const genuine = await onEach(pods, ({ container }) => ({
          works: [
            works("a genuine kubelet answers with its pod's log", () => podLog(admin, container), {
              shows: "what the pod wrote",
              where: (log) => log.includes(canary),
            }),
          ],
        }));
        return {
          works: [
            ...genuine.works,
            works(
              "our own server answers under a certificate of the CA of kubelets",
              () => podLog(admin, trusted.pod),
              { shows: "what our server wrote", where: (log) => log.includes(trusted.says) },
            ),
          ],
          refused: [
            refused(
              "our own server answers under a rogue CA of the same name",
              () => podLog(admin, rogue.pod),
              serverNotTrusted(/x509: certificate signed by unknown authority/),
            ),
          ],
        };
      },
      "through",
    );
  },
);

claim(
  "kubelet-serving/tls-only",
  {
    says: "The kubelet's port speaks TLS 1.2 or later, and refuses TLS 1.1 and plain HTTP",
    documented: kubernetes(
      "KubeletConfiguration, tlsMinVersion",
      "reference/config-api/kubelet-config.v1beta1/#kubelet-config-k8s-io-v1beta1-KubeletConfiguration",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const as = await kubeletClient(lab);
    // OpenSSL must be told to offer what it thinks too weak, or it would be our side that refuses.
    const upTo11 = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    const upTo12 = { maxVersion: "TLSv1.2" } as const;
    return onEach(lab.kubelets, async (kubelet) => {
      const health = (limits = {}) => kubelet.get(as, "/healthz", { limits });
      const with12 = () => health(upTo12);
      const refusal = await kubelet.refusesTls12();
      return {
        works: [
          works("a client speaks TLS 1.3", () => health(), { status: 200 }),
          refusal ? [] : works("a client speaks TLS 1.2", with12, { status: 200 }),
        ],
        refused: [
          invariant(
            refused(
              "a client speaks plain HTTP",
              () => kubelet.getInTheClear("/healthz"),
              plaintextRefused(),
            ),
            "the kubelet serves its port over TLS only, by any setting",
          ),
          refused("a client speaks TLS 1.1", () => health(upTo11), tlsAlert("protocol_version")),
          refusal ? refused("a client speaks TLS 1.2", with12, refusal) : [],
        ],
      };
    });
  },
);

claim(
  "kubelet-serving/own-certificate",
  {
    says: "A kubelet's serving certificate names its node, and is signed by the kubelet's own CA or the cluster's",
    documented: kubernetes(
      "TLS bootstrapping, Client and serving certificates",
      "reference/access-authn-authz/kubelet-tls-bootstrapping/#client-and-serving-certificates",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const [as, etcdCa] = await Promise.all([kubeletClient(lab), lab.credentials.pem("etcd/ca.crt")]);
    return onEach(lab.kubelets, async (kubelet) => {
      const { name } = kubelet.node;
      const itsCa = await kubelet.trust();
      const judged = (trust: string, serverName: string) => () =>
        kubelet.get(as, "/healthz", { trust, serverName });
      return {
        works: [works("a client judges by its CA and its node's name", judged(itsCa, name), { status: 200 })],
        refused: [
          invariant(
            refused(
              "a client judges by another node's name",
              judged(itsCa, lab.unique("node")),
              serverNotTrusted(),
            ),
            "the name was made up a moment before: no certificate has it",
          ),
          refused("a client judges by etcd's CA", judged(etcdCa, name), serverNotTrusted()),
        ],
      };
    });
  },
);

const KUBELET_CA = "kubelet-certificate-authority";

claim(
  "kubelet-serving/no-other-ca",
  {
    says: "The CA by which the API server verifies kubelets is the cluster's, or one that signed their certificates",
    documented: kubernetes(
      "Communication between Nodes and the Control Plane, API server to kubelet",
      "concepts/architecture/control-plane-node-communication/#api-server-to-kubelet",
    ),
    touches: "nothing",
    preconditions: [apiServersGiven(KUBELET_CA)],
  },
  async (lab) => {
    const served = await Promise.all(
      lab.kubelets.map(async (kubelet) => {
        const { outcome } = await servedCertificate(fromNode(kubelet.node), await kubelet.endpoint());
        return outcome.kind === "accepted" ? [outcome.data] : [];
      }),
    );
    const as = await kubeletClient(lab);
    const ofApiServers = await onEach(lab.apiServers, async (apiServer) => {
      const { pem: trust } = await apiServer.caFile(KUBELET_CA);
      return {
        observed: [
          trustsOnly(lab, apiServer, {
            name: `every CA in the file of --${KUBELET_CA}`,
            argument: KUBELET_CA,
            authority: "ca",
            judges: served.flat(),
          }),
        ],
        refused: [
          refused(
            "etcd is taken for a kubelet",
            () => lab.etcdOn(apiServer.node).servedCertificate("client", { trust }),
            serverNotTrusted(),
          ),
        ],
      };
    });
    const ofKubelets = await onEach(lab.kubelets, async (kubelet) => {
      const { pem } = await lab.apiServerFor(kubelet.node).caFile(KUBELET_CA);
      return {
        works: [
          works("a client verifies the kubelet by it", () => kubelet.get(as, "/healthz", { trust: pem }), {
            status: 200,
          }),
        ],
      };
    });
    return together(ofKubelets, ofApiServers);
  },
);
