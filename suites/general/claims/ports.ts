import {
  claim,
  connectionRefused,
  type Exchange,
  invariant,
  kubernetes,
  observed,
  offers,
  onEach,
  plaintextRefused,
  refused,
  tlsAlert,
  together,
  works,
} from "../../../harness/index.ts";
import {
  enumeration,
  fromNode,
  nothingBeyond,
  plainHttp,
  readPlain,
  type Target,
  tcp,
} from "../../../harness/probes.ts";
import { everyPort, plaintextPorts } from "../plaintext.ts";

const securingACluster = kubernetes(
  "Securing a Cluster, Use Transport Layer Security (TLS) for all API traffic",
  "tasks/administer-cluster/securing-a-cluster/#use-transport-layer-security-tls-for-all-api-traffic",
);

const ok = { status: 200 };

claim(
  "general/no-http",
  {
    says: "The API server refuses plain HTTP on its TLS port, and nothing listens on its former insecure port 8080",
    documented: kubernetes(
      "Controlling Access to the Kubernetes API, Transport security",
      "concepts/security/controlling-access/#transport-security",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const administrator = await lab.administrator();
    const path = "/version";
    return onEach(lab.apiServers, async (apiServer) => {
      const { node } = apiServer;
      const port = await apiServer.insecurePort();
      const connects = (where: string, host: string) =>
        port === undefined
          ? []
          : refused(
              `a client connects to the former insecure port of ${where}`,
              () => tcp(fromNode(node), { host, port }),
              connectionRefused(),
            );
      return {
        works: [
          works(
            "the administrator reads the version over TLS",
            () => apiServer.request(administrator, { path }),
            ok,
          ),
        ],
        refused: [
          invariant(
            refused(
              "a client speaks plain HTTP to the TLS port",
              () => apiServer.getInTheClear(path),
              plaintextRefused(),
            ),
            "the API server serves its port over TLS only, by any argument",
          ),
          connects("the node's address", node.address),
          connects("loopback", "127.0.0.1"),
        ],
      };
    });
  },
);

claim(
  "general/every-port-accounted",
  {
    says: "Every listening port speaks TLS, except the components' plaintext health and metrics, and other programs' ports on loopback",
    documented: securingACluster,
    touches: "nothing",
  },
  async (lab) => {
    const kubeletClient = await lab.credentials.certificate("apiserver-kubelet-client");
    return onEach(lab.kubelets, (kubelet) => ({
      works: [
        works(
          "the API server reads the kubelet's health over TLS",
          () => kubelet.get(kubeletClient, "/healthz"),
          ok,
        ),
      ],
      observed: [
        observed(
          "every listening port of the node",
          async () => enumeration(kubelet.node, "every listening port", await everyPort(lab, kubelet.node)),
          nothingBeyond("no plaintext port beside the known ones"),
        ),
      ],
      refused: [
        invariant(
          refused(
            "a client speaks plain HTTP to the kubelet's port",
            () => kubelet.getInTheClear("/pods"),
            plaintextRefused(),
          ),
          "the kubelet serves its port over TLS only, by any setting",
        ),
      ],
    }));
  },
);

claim(
  "general/plaintext-stays-home",
  {
    says: "etcd, the kubelet and kube-proxy serve plaintext health and metrics on loopback only, except kube-proxy's health",
    documented: securingACluster,
    touches: "nothing",
    preconditions: [offers("neighbour")],
  },
  async (lab) => {
    const [neighbour, kubeletClient] = await Promise.all([
      lab.fromNeighbour(),
      lab.credentials.certificate("apiserver-kubelet-client"),
    ]);
    return onEach(lab.kubelets, async (kubelet) => {
      const { node } = kubelet;
      const [ports, api] = await Promise.all([plaintextPorts(lab, node), kubelet.endpoint()]);
      return {
        works: [
          works(
            "the API server reads the kubelet's health over TLS",
            () => kubelet.get(kubeletClient, "/healthz"),
            ok,
          ),
          ports.map(({ command, path, host, port }) =>
            works(
              `the node reads ${path} of ${command} on loopback`,
              () => plainHttp(fromNode(node), { host, port }, { path }, readPlain),
              ok,
            ),
          ),
        ],
        refused: [
          invariant(
            refused(
              "a neighbour reads the kubelet's health in the clear on the port of its API",
              () => plainHttp(neighbour, api, { path: "/healthz" }, readPlain),
              plaintextRefused(),
            ),
            "the kubelet serves its port over TLS only, by any setting",
          ),
          ports.map(({ command, port }) =>
            refused(
              `the node connects to ${command}'s port ${port} of its own address`,
              () => tcp(fromNode(node), { host: node.address, port }),
              connectionRefused(),
            ),
          ),
          ports.map(({ command, port }) =>
            refused(
              `a neighbour connects to ${command}'s port ${port}`,
              () => tcp(neighbour, { host: node.address, port }),
              connectionRefused(),
            ),
          ),
        ],
      };
    });
  },
);

// OpenSSL offers versions this old only at its lowest security level.
const UP_TO_1_1 = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;

const ETCD_BEGINS = "the versions of etcd's --tls-min-version begin with TLS 1.2";

/** The same GET twice: over the TLS of today, and over TLS 1.1 or 1.0. */
function onlyNewTls(
  port: string,
  get: (limits: NonNullable<Target["limits"]>) => Promise<Exchange>,
  never?: string,
) {
  const old = refused(
    `a client speaks TLS 1.1 or older to ${port}`,
    () => get(UP_TO_1_1),
    tlsAlert("protocol_version"),
  );
  return {
    works: [works(`a client speaks current TLS to ${port}`, () => get({}), ok)],
    refused: [never === undefined ? old : invariant(old, never)],
  } as const;
}

claim(
  "general/old-tls-refused",
  {
    says: "The API server, kubelet, etcd, controller manager and scheduler refuse TLS 1.1 and older",
    // No page names 1.2: it is the minimum of Go's servers (crypto/tls, Config.MinVersion).
    documented: kubernetes(
      "kube-apiserver, Options",
      "reference/command-line-tools-reference/kube-apiserver/#options",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const { credentials } = lab;
    const [administrator, kubeletClient, etcdClient] = await Promise.all([
      lab.administrator(),
      credentials.certificate("apiserver-kubelet-client"),
      credentials.certificate("apiserver-etcd-client"),
    ]);
    const [first, ...others] = await Promise.all([
      onEach(lab.apiServers, (apiServer) =>
        onlyNewTls("the API server", (limits) => apiServer.get(administrator, "/livez", { limits })),
      ),
      onEach(lab.kubelets, (kubelet) =>
        onlyNewTls("the kubelet", (limits) => kubelet.get(kubeletClient, "/healthz", { limits })),
      ),
      onEach(lab.etcdMembers, (member) =>
        onlyNewTls(
          "etcd's client port",
          (limits) => member.version("client", etcdClient, limits),
          ETCD_BEGINS,
        ),
      ),
      onEach(lab.etcdMembers, async (member) => {
        const peer = await credentials.certificate("etcd/peer", member.node);
        return onlyNewTls("etcd's peer port", (limits) => member.version("peer", peer, limits), ETCD_BEGINS);
      }),
      onEach(lab.controllerManagers, (manager) =>
        onlyNewTls("the controller manager", (limits) => manager.get(administrator, "/healthz", limits)),
      ),
      onEach(lab.schedulers, (scheduler) =>
        onlyNewTls("the scheduler", (limits) => scheduler.get(administrator, "/healthz", limits)),
      ),
    ]);
    return others.reduce((all, one) => together(all, one), Promise.resolve(first));
  },
);
