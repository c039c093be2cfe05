import { byCertificate, byToken, forge, type Identity, nobody } from "../../harness/credentials.ts";
import { runningPod, serviceAccount } from "../../harness/fixtures.ts";
import {
  alerts,
  type Cluster,
  type Control,
  claim,
  type Exchange,
  kubernetes,
  type Lab,
  refused,
  slide,
  works,
} from "../../harness/index.ts";
import { apiServerEndpoint, canCapture, securePort } from "../../harness/nodes.ts";
import {
  anonymousRequests,
  cheapestVantage,
  etcdCount,
  https,
  kubeletGet,
  plainHttp,
  podExec,
  readAsOrdinaryUser,
  readPlain,
  servedCertificate,
  type Target,
  tcp,
  type UserInfo,
  type Vantage,
  whoAmI,
} from "../../harness/probes.ts";
import { eavesdropper } from "./eavesdropper.ts";
import { meantInTheClear, unaccountedPorts } from "./plaintext.ts";

/** A caller without a credential is `system:anonymous` where such requests are let in at all, and nobody where not. */
async function refusingAnonymous(
  lab: Lab,
): Promise<(name: string, dial: () => Promise<Exchange>) => Control<"negative">> {
  const letIn = (await anonymousRequests(lab.cluster)) === "all";
  return (name, dial) =>
    letIn
      ? refused(name, dial, "authorization", { status: 403, reason: /User "system:anonymous" cannot / })
      : refused(name, dial, "authentication", { status: 401 });
}

claim(
  "general/anonymous-refused",
  {
    says: "Whoever shows no credential is refused: it may neither list pods, nor read a Secret, nor make anything",
    documented: slide("Securing the control plane"),
  },
  async (lab) => {
    const [admin, anybody, no] = [await lab.admin(), lab.api(nobody), await refusingAnonymous(lab)];
    const namespace = "kube-system";
    const listing = (api: typeof admin) => () =>
      api.call(({ core }) => core.listNamespacedPod({ namespace }));
    const body = { metadata: { name: lab.unique("anonymous") } };
    return {
      works: [
        works<{ items: unknown[] }>("the administrator lists pods", listing(admin), {
          shows: "pods",
          where: ({ items }) => items.length > 0,
        }),
      ],
      refused: [
        no("listing pods", listing(anybody)),
        no("reading Secrets", () => anybody.call(({ core }) => core.listNamespacedSecret({ namespace }))),
        no("making a namespace", () => anybody.call(({ core }) => core.createNamespace({ body }))),
      ],
    };
  },
);

claim(
  "general/anonymous-reads-health-alone",
  {
    says: "What anybody may read is health, version and kube-public's cluster-info, and nothing beside it",
    documented: kubernetes(
      "Anonymous requests",
      "reference/access-authn-authz/authentication/#anonymous-requests",
    ),
    preconditions: [
      {
        what: "an API server that lets anonymous requests in",
        met: async (cluster: Cluster) => (await anonymousRequests(cluster)) === "all",
      },
    ],
  },
  async (lab) => {
    const no = await refusingAnonymous(lab);
    const reading = (path: string) => () => lab.api(nobody).request({ path });
    const configMaps = "/api/v1/namespaces/kube-public/configmaps";
    return {
      works: [
        works("health", reading("/healthz"), { status: 200 }),
        works("liveness", reading("/livez"), { status: 200 }),
        works("readiness", reading("/readyz"), { status: 200 }),
        works("version", reading("/version"), { status: 200 }),
        works("cluster-info", reading(`${configMaps}/cluster-info`), { status: 200 }),
      ],
      refused: [
        no("the other objects beside cluster-info", reading(configMaps)),
        no("metrics", reading("/metrics")),
        no("profiles of the process", reading("/debug/pprof/")),
        no("which APIs there are", reading("/apis")),
        no("the keys of service accounts' tokens", reading("/openid/v1/jwks")),
      ],
    };
  },
);

// The token in the example of the documentation of bearer tokens and of the static token file.
const EXAMPLE_TOKEN = "31ada4fd-adec-460c-809a-9e56ceb75269";

claim(
  "general/forged-bearer-refused",
  {
    says: "A bearer token that the API server cannot verify makes its holder nobody at all: it is not even anonymous",
    documented: kubernetes(
      "Putting a bearer token in a request",
      "reference/access-authn-authz/authentication/#putting-a-bearer-token-in-a-request",
    ),
  },
  async (lab) => {
    const genuine = (await serviceAccount(lab)).identity;
    const forged = await forge.otherKey(genuine.token ?? "");
    // Everybody may read the version, the anonymous included: only the token can be what is refused.
    const version = (as: Identity) => () => lab.api(as).request({ path: "/version" });
    const unauthorized = { status: 401, reason: /^Unauthorized$/ };
    return {
      works: [works("a genuine token", version(genuine), { status: 200 })],
      refused: [
        refused(
          "the genuine token's claims under another key",
          version(byToken(forged, "a forged service account token")),
          "authentication",
          unauthorized,
        ),
        refused(
          "the example of the documentation",
          version(byToken(EXAMPLE_TOKEN, "the documentation's example token")),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

claim(
  "general/mutual-tls",
  {
    says: "Authentication is done with mutual TLS: both the client and the server hold a valid certificate",
    documented: slide("Authentication and authorization"),
    outdated: {
      since: "1.0",
      now: "the server always shows a certificate; a client shows one or a bearer token, as kube-proxy and every pod do",
    },
  },
  async (lab) => {
    const [account, admin] = [await serviceAccount(lab), await lab.admin()];
    const [clusterCa, etcdCa] = await Promise.all([
      lab.credentials.pem("ca.crt"),
      lab.credentials.pem("etcd/ca.crt"),
    ]);
    const server = await apiServerEndpoint(lab.node);
    const judgedBy = (trust: string) => async () =>
      servedCertificate(await cheapestVantage(lab, server), { ...server, trust });
    const no = await refusingAnonymous(lab);
    return {
      works: [
        works("the server shows a certificate of the cluster's CA", judgedBy(clusterCa)),
        works<UserInfo>("a client with a certificate and no token", () => whoAmI(admin), {
          shows: "an authenticated user",
          where: ({ groups }) => groups.includes("system:authenticated"),
        }),
        works<UserInfo>("a client with a token and no certificate", () => whoAmI(lab.api(account.identity)), {
          shows: `the user is ${account.user}`,
          where: ({ username }) => username === account.user,
        }),
      ],
      refused: [
        no("a client with neither", () => whoAmI(lab.api(nobody))),
        refused("a client that trusts another CA", judgedBy(etcdCa), "tls", {
          reason: /the client refuses the server's certificate/,
        }),
      ],
    };
  },
);

claim(
  "general/authorized-in-three-ways",
  {
    says: "Who is known may still not do anything: the API server asks its rules, the kubelet asks the API server, etcd looks at the CA",
    documented: slide("Authentication and authorization"),
  },
  async (lab) => {
    const clusterCa = await lab.credentials.authority("ca");
    const stranger = byCertificate(await clusterCa.issue({ cn: lab.unique("stranger"), usages: ["client"] }));
    const [kubelet, etcd] = await Promise.all([lab.kubelet(), lab.etcdClient()]);
    const secrets = async (as: Identity) =>
      lab.api(as).call(({ core }) => core.listNamespacedSecret({ namespace: "kube-system" }));
    const pods = (as: Identity) => async () =>
      kubeletGet(await cheapestVantage(lab, kubelet), kubelet, as, "/pods");
    const keys = (as: Identity) => async () =>
      etcdCount(await cheapestVantage(lab, etcd), etcd, as, "/registry/");
    const { credentials } = lab;
    const administrator = await lab.administrator();
    return {
      works: [
        works<UserInfo>("the API server knows the stranger", () => whoAmI(lab.api(stranger)), {
          shows: "an authenticated user",
          where: ({ groups }) => groups.includes("system:authenticated"),
        }),
        works("the administrator lists Secrets", () => secrets(administrator)),
        works(
          "the API server's client of kubelets reads pods",
          pods(await credentials.certificate("apiserver-kubelet-client")),
        ),
        works(
          "the API server's client of etcd reads keys",
          keys(await credentials.certificate("apiserver-etcd-client")),
        ),
      ],
      refused: [
        refused("the API server, by its rules", () => secrets(stranger), "authorization", { status: 403 }),
        refused("the kubelet, which asked", pods(stranger), "authorization", { status: 403 }),
        refused("etcd, by the CA", keys(stranger), "tls", { alert: alerts.unknownCa }),
      ],
    };
  },
);

claim(
  "general/no-http",
  {
    says: "The API server speaks TLS alone: HTTP is turned away at its port, and the insecure port of old is closed",
    documented: kubernetes("Transport security", "concepts/security/controlling-access/#transport-security"),
  },
  async (lab) => {
    const [admin, server] = [await lab.admin(), await apiServerEndpoint(lab.node)];
    const inTheClear = () => plainHttp(lab.fromNode(), server, { path: "/version" }, readPlain);
    const insecure = (host: string) => () => tcp(lab.fromNode(), { host, port: 8080 });
    return {
      works: [works("over TLS", () => admin.request({ path: "/version" }), { status: 200 })],
      refused: [
        refused("HTTP to the same port", inTheClear, "tls", {
          status: 400,
          reason: /HTTP request to an HTTPS server/,
        }),
        refused("port 8080 on the node's address", insecure(server.host), "tcp"),
        refused("port 8080 on loopback", insecure("127.0.0.1"), "tcp"),
      ],
    };
  },
);

claim(
  "general/every-port-accounted",
  {
    says: "Every port that anybody listens on speaks TLS, but for the known ones: health and metrics, on loopback, and kube-proxy's health",
    documented: slide("Securing the control plane"),
  },
  async (lab) => {
    const { cluster, node } = lab;
    const [first = node, ...rest] = cluster.nodes;
    const none = {
      shows: "no port beside them",
      where: (unaccounted: unknown[]) => unaccounted.length === 0,
    };
    const kubelet = await lab.kubelet();
    return {
      works: [
        works(`the ports of ${first.name}`, () => unaccountedPorts(lab, first), none),
        ...rest.map((other) => works(`the ports of ${other.name}`, () => unaccountedPorts(lab, other), none)),
      ],
      refused: [
        refused(
          "HTTP to the kubelet's port",
          () => plainHttp(lab.fromNode(), kubelet, { path: "/pods" }, readPlain),
          "tls",
          { status: 400, reason: /HTTP request to an HTTPS server/ },
        ),
      ],
    };
  },
);

claim(
  "general/plaintext-stays-home",
  {
    says: "What etcd, the kubelet and kube-proxy say in the clear, health and metrics, they say on their own node alone",
    documented: slide("Securing the control plane"),
  },
  async (lab) => {
    const [meant, neighbour] = await Promise.all([meantInTheClear(lab, lab.node), lab.fromNeighbour()]);
    const endpoints = Object.entries(meant).flatMap(([command, all]) =>
      all.map((endpoint) => ({ command, ...endpoint })),
    );
    const [first = { command: "etcd", host: "127.0.0.1", port: 2381 }, ...rest] = endpoints;
    const atHome = ({ command, host, port }: typeof first) =>
      works(`${command}, on port ${port}, to its own node`, () =>
        plainHttp(lab.fromNode(), { host, port }, { path: PATHS[command] ?? "/healthz" }, readPlain),
      );
    const fromAfar = ({ command, port }: typeof first) =>
      refused(
        `${command}, on port ${port}, to a neighbour`,
        () => tcp(neighbour, { host: lab.node.address, port }),
        "tcp",
      );
    return { works: [atHome(first), ...rest.map(atHome)], refused: [fromAfar(first), ...rest.map(fromAfar)] };
  },
);

const PATHS: Record<string, string> = { etcd: "/health", kubelet: "/healthz", "kube-proxy": "/proxyMode" };

claim(
  "general/nothing-in-the-clear",
  {
    says: "Whoever listens on the wire learns nothing of a Secret that is written, stored, mounted, read, and shown by exec",
    documented: slide("Securing the control plane"),
    preconditions: [
      {
        what: "tcpdump in the node image",
        met: (cluster: Cluster) => canCapture(cluster.controlPlane),
      },
    ],
  },
  async (lab) => {
    const admin = await lab.admin();
    const { core } = admin.clients;
    const [namespace, name] = [await lab.namespace(), lab.unique("eavesdropped")];
    const [stored, shown, sent] = [lab.unique("stored"), lab.unique("shown"), lab.unique("sent")];
    const body = { metadata: { name }, stringData: { stored, shown } };
    lab.cleanup(() => core.deleteNamespacedSecret({ namespace, name }).catch(() => {}));
    const wire = await eavesdropper(lab);
    const container = { namespace, pod: name, container: "main" };
    const exec = async () => {
      await runningPod(lab, { namespace, name, secret: name, node: lab.node, script: "exec sleep infinity" });
      return podExec(admin, container, ["cat", "/secret/shown"], Buffer.alloc(0));
    };
    const health = await lab.kubeletHealth();
    const inTheClear = async () => {
      await plainHttp(lab.fromNode(), health, { path: `/${sent}` }, readPlain);
      return wire.hears(sent, "a path that was sent in the clear");
    };
    return {
      works: [
        works("the Secret is written", () =>
          admin.call(() => core.createNamespacedSecret({ namespace, body })),
        ),
        works("the Secret is read", () => admin.call(() => core.readNamespacedSecret({ namespace, name }))),
        works<Uint8Array>("a pod that mounts it shows it by exec", exec, {
          shows: "the value",
          where: (bytes) => bytes.toString() === shown,
        }),
        // The last of what works: when this is heard, whatever could be heard of the others has been.
        works("an eavesdropper hears what is sent in the clear", inTheClear),
      ],
      refused: [
        refused(
          "an eavesdropper on any interface hears the stored value",
          () => wire.heard(stored, "the stored value", "any interface"),
          "tls",
        ),
        // Between kubelet and containerd, on loopback, exec is in the clear (README): the network must not know.
        refused(
          "an eavesdropper on the network hears what exec shows",
          () => wire.heard(shown, "what exec showed", "network"),
          "tls",
        ),
      ],
    };
  },
);

/** A port of the control plane, and an exchange that works there. */
interface Port {
  name: string;
  at: Target;
  /** From where; the nearest place unless given. */
  from?: Vantage;
  as: Identity;
  path: string;
}

claim(
  "general/old-tls-refused",
  {
    says: "No port of the control plane speaks TLS 1.1 or older",
    documented: kubernetes("Transport security", "concepts/security/controlling-access/#transport-security"),
  },
  async (lab) => {
    const { credentials } = lab;
    const [api, kubelet, etcd, peer, manager, scheduler] = await Promise.all([
      apiServerEndpoint(lab.node),
      lab.kubelet(),
      lab.etcdClient(),
      lab.etcdPeer(),
      securePort(lab.node, "kube-controller-manager"),
      securePort(lab.node, "kube-scheduler"),
    ]);
    const ports: Port[] = [
      { name: "the API server", at: api, as: await lab.administrator(), path: "/livez" },
      {
        name: "the kubelet",
        at: kubelet,
        as: await credentials.certificate("apiserver-kubelet-client"),
        path: "/healthz",
      },
      {
        name: "etcd, to clients",
        at: etcd,
        as: await credentials.certificate("apiserver-etcd-client"),
        path: "/version",
      },
      {
        name: "etcd, to peers",
        at: peer,
        from: lab.fromNode(), // etcd compares a peer's address with its certificate
        as: await credentials.certificate("etcd/peer"),
        path: "/version",
      },
      { name: "the controller manager", at: manager, as: nobody, path: "/healthz" },
      { name: "the scheduler", at: scheduler, as: nobody, path: "/healthz" },
    ];
    const [first, ...rest] = ports as [Port, ...Port[]];
    const current = ({ name, at, from, as, path }: Port) =>
      works(
        `${name}, by today's TLS`,
        async () => https(from ?? (await cheapestVantage(lab, at)), at, as, { path }, readPlain),
        { status: 200 },
      );
    const old = ({ name, at, from, as, path }: Port) =>
      refused(
        `${name}, by TLS 1.1`,
        async () =>
          https(
            from ?? (await cheapestVantage(lab, at)),
            { ...at, limits: UP_TO_1_1 },
            as,
            { path },
            readPlain,
          ),
        "tls",
        { alert: alerts.protocolVersion },
      );
    return { works: [current(first), ...rest.map(current)], refused: [old(first), ...rest.map(old)] };
  },
);

// OpenSSL itself offers versions this old at its lowest security level alone.
const UP_TO_1_1 = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;

claim(
  "general/key-files-closed",
  {
    says: "An ordinary user of a node can read neither its private keys, nor its kubeconfigs, nor etcd's data",
    documented: kubernetes("PKI certificates and requirements", "setup/best-practices/certificates/"),
  },
  async (lab) => {
    const { cluster } = lab;
    const [first = lab.node, ...rest] = cluster.nodes;
    const secret = [
      cluster.pki("*.key"),
      cluster.pki("etcd/*.key"),
      "/etc/kubernetes/*.conf",
      "/etc/kubernetes/manifests/*.yaml",
      "/var/lib/kubelet/pki/*.key",
      "/var/lib/kubelet/pki/*.pem",
      "/var/lib/etcd/member/snap/db",
    ];
    const closed = (node: typeof first) =>
      refused(
        `keys, kubeconfigs and data of ${node.name}`,
        () => readAsOrdinaryUser(node, secret),
        "authorization",
        {
          reason: /permission denied for each/,
        },
      );
    return {
      works: [
        works("certificates, which are public", () => readAsOrdinaryUser(first, [cluster.pki("*.crt")])),
      ],
      refused: [closed(first), ...rest.map(closed)],
    };
  },
);
