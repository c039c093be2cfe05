import {
  byCertificate,
  byToken,
  forge,
  type Identity,
  nobody,
  rightTwin,
  wrong,
} from "../../harness/credentials.ts";
import { serviceAccount } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { argumentOf } from "../../harness/nodes.ts";
import {
  cheapestVantage,
  kubeletGet,
  kubeletRun,
  observation,
  plainHttp,
  readPlain,
  tcp,
} from "../../harness/probes.ts";

const dedicated = (lab: Lab) => lab.credentials.certificate("apiserver-kubelet-client");

/** GETs of the kubelet's API. */
async function reading(lab: Lab, path = "/pods") {
  const kubelet = await lab.kubelet();
  const vantage = await cheapestVantage(lab, kubelet);
  return (as: Identity) => () => kubeletGet(vantage, kubelet, as, path);
}

/** Exactly this: 403 would mean that the kubelet took the caller for somebody, if only for system:anonymous. */
const unauthorized = { status: 401, reason: /^Unauthorized$/ };

claim(
  "kubelet-authn/credential-required",
  {
    says: "The kubelet answers nobody without a credential: not for pods, metrics, health, nor to run a command",
    documented: slide("API server → kubelet"),
  },
  async (lab) => {
    const [pods, metrics, healthz] = await Promise.all([
      reading(lab),
      reading(lab, "/metrics"),
      reading(lab, "/healthz"),
    ]);
    const kubelet = await lab.kubelet();
    const vantage = await cheapestVantage(lab, kubelet);
    const command = { namespace: "kube-system", pod: "any", container: "any", command: "id" };
    return {
      works: [works("the API server's certificate reads pods", pods(await dedicated(lab)), { status: 200 })],
      refused: [
        refused("pods without a credential", pods(nobody), "authentication", unauthorized),
        refused("metrics without a credential", metrics(nobody), "authentication", unauthorized),
        refused("health without a credential", healthz(nobody), "authentication", unauthorized),
        refused(
          "a command without a credential",
          () => kubeletRun(vantage, kubelet, nobody, command),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

claim(
  "kubelet-authn/client-ca-file",
  {
    says: "The kubelet is started with --client-ca-file, and certificates of that CA alone tell it who asks",
    documented: slide("API server → kubelet"),
    outdated: {
      since: "1.11",
      now: "kubeadm names the CA in the kubelet's configuration file, as authentication.x509.clientCAFile",
    },
  },
  async (lab) => {
    const [read, configz] = await Promise.all([reading(lab), reading(lab, "/configz")]);
    const as = await dedicated(lab);
    const genuine = as.certificate?.certPem ?? "";
    const [clusterCa, etcdCa, frontProxyCa] = await Promise.all([
      lab.credentials.authority("ca"),
      lab.credentials.authority("etcd/ca"),
      lab.credentials.authority("front-proxy-ca"),
    ]);
    const [twin, rogue, ofEtcd, ofFrontProxy] = await Promise.all([
      rightTwin(genuine, clusterCa),
      wrong.rogueCa(genuine, clusterCa),
      wrong.otherCa(genuine, etcdCa),
      wrong.otherCa(genuine, frontProxyCa),
    ]);
    const argument = async () => {
      const value = await argumentOf(lab.node, "kubelet", "client-ca-file");
      return observation(
        lab.node,
        "the kubelet's arguments",
        value,
        `--client-ca-file is ${value ?? "not there"}`,
      );
    };
    return {
      works: [
        works("the kubelet's arguments", argument, {
          shows: "no --client-ca-file",
          where: (value) => value === undefined,
        }),
        works<string>("the configuration in force", configz(as), {
          shows: "clientCAFile: the cluster's CA",
          where: (body) =>
            JSON.parse(body).kubeletconfig.authentication.x509.clientCAFile === lab.cluster.pki("ca.crt"),
        }),
        works("a fresh certificate of the cluster's CA", read(byCertificate(twin)), { status: 200 }),
      ],
      refused: [
        refused("from a rogue CA of its name", read(byCertificate(rogue)), "authentication", unauthorized),
        refused("from etcd's CA", read(byCertificate(ofEtcd)), "authentication", unauthorized),
        refused(
          "from the front proxy's CA",
          read(byCertificate(ofFrontProxy)),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

claim(
  "kubelet-authn/validity-checked",
  {
    says: "The kubelet refuses a client certificate outside its time, and one that is for servers only",
    documented: slide("API server → kubelet"),
  },
  async (lab) => {
    const read = await reading(lab);
    const genuine = (await dedicated(lab)).certificate?.certPem ?? "";
    const clusterCa = await lab.credentials.authority("ca");
    const [twin, expired, early, server] = await Promise.all([
      rightTwin(genuine, clusterCa),
      wrong.expired(genuine, clusterCa),
      wrong.notYetValid(genuine, clusterCa),
      wrong.usage(genuine, clusterCa, "server"),
    ]);
    return {
      works: [works("the same subject, within its time", read(byCertificate(twin)), { status: 200 })],
      refused: [
        refused("expired yesterday", read(byCertificate(expired)), "authentication", unauthorized),
        refused("valid from tomorrow", read(byCertificate(early)), "authentication", unauthorized),
        refused("for servers only", read(byCertificate(server)), "authentication", unauthorized),
      ],
    };
  },
);

claim(
  "kubelet-authn/tokens-reviewed",
  {
    says: "The kubelet takes a service account's token, once the API server has reviewed it",
    documented: kubernetes(
      "Kubelet authentication/authorization",
      "reference/access-authn-authz/kubelet-authn-authz/",
    ),
  },
  async (lab) => {
    const read = await reading(lab, "/metrics");
    const may = [{ apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] }];
    const [authorised, deleted] = await Promise.all([
      serviceAccount(lab, { may }),
      serviceAccount(lab, { may }),
    ]);
    const token = authorised.identity.token ?? "";
    const forged = await forge.otherKey(token);
    const { core } = (await lab.admin()).clients;
    await core.deleteNamespacedServiceAccount({ name: deleted.name, namespace: deleted.namespace });
    return {
      works: [works("an account that may read metrics", read(authorised.identity), { status: 200 })],
      refused: [
        refused(
          "its token, under another key",
          read(byToken(forged, "a forged token")),
          "authentication",
          unauthorized,
        ),
        // Only the API server knows this: the token's signature and dates are right.
        refused(
          "the token of an account that was deleted",
          read(deleted.identity),
          "authentication",
          unauthorized,
        ),
        refused(
          "a word that is no token",
          read(byToken("sesame", "the token sesame")),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

claim(
  "kubelet-authn/no-read-only-port",
  {
    says: "The kubelet has no second port that answers without asking who is there",
    documented: kubernetes(
      "Kubelet configuration, readOnlyPort",
      "reference/config-api/kubelet-config.v1beta1/",
    ),
  },
  async (lab) => {
    const kubelet = await lab.kubelet();
    const reachable = (host: string, port: number) => () => tcp(lab.fromNode(), { host, port });
    return {
      works: [works("the kubelet's own port", reachable(kubelet.host, kubelet.port))],
      refused: [
        refused("10255 on the node's address", reachable(kubelet.host, 10255), "tcp"),
        refused("10255 on its loopback", reachable("127.0.0.1", 10255), "tcp"),
      ],
    };
  },
);

claim(
  "kubelet-authn/plaintext-on-loopback",
  {
    says: "What the kubelet answers in the clear, its health on 10248, is to be had on the node's loopback alone",
    documented: kubernetes(
      "Kubelet configuration, healthzBindAddress",
      "reference/config-api/kubelet-config.v1beta1/",
    ),
  },
  async (lab) => {
    const [outside, { host: home, port }] = await Promise.all([lab.fromNeighbour(), lab.kubeletHealth()]);
    const request = { path: "/healthz" };
    const health =
      (host: string, vantage = lab.fromNode()) =>
      () =>
        plainHttp(vantage, { host, port }, request, readPlain);
    return {
      works: [works("on the node's loopback", health(home), { status: 200 })],
      refused: [
        refused("on the node's address", health(lab.node.address), "tcp"),
        refused("from beside the node", health(lab.node.address, outside), "tcp"),
      ],
    };
  },
);
