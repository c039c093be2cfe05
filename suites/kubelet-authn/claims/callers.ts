import { byToken, forge, nobody, rightTwin } from "../../../harness/credentials.ts";
import { serviceAccount } from "../../../harness/fixtures.ts";
import {
  certificatesOfOtherCas,
  claim,
  kubernetes,
  type Lab,
  observed,
  onEach,
  refused,
  slide,
  unauthorized,
  works,
  wrongCertificates,
} from "../../../harness/index.ts";
import { mapAnswer, observation } from "../../../harness/probes.ts";

/** A client that kubelets serve: the API server's certificate for them. */
const kubeletClient = (lab: Lab) => lab.credentials.certificate("apiserver-kubelet-client");

const authentication = kubernetes(
  "Kubelet authentication",
  "reference/access-authn-authz/kubelet-authn-authz/#kubelet-authentication",
);

// A caller who is not known is 401. 403 would mean that the kubelet took it for somebody, if only for system:anonymous.

claim(
  "kubelet-authn/credential-required",
  {
    says: "Without a credential the kubelet serves neither pods, metrics nor health, and runs no command",
    documented: authentication,
    touches: "nothing",
  },
  async (lab) => {
    const apiServer = await kubeletClient(lab);
    const container = { namespace: "kube-system", pod: "any", container: "any" };
    return onEach(lab.kubelets, (kubelet) => ({
      works: [works("the API server reads pods", () => kubelet.get(apiServer, "/pods"), { status: 200 })],
      refused: [
        refused("nobody reads pods", () => kubelet.get(nobody, "/pods"), unauthorized()),
        refused("nobody reads metrics", () => kubelet.get(nobody, "/metrics"), unauthorized()),
        refused("nobody reads health", () => kubelet.get(nobody, "/healthz"), unauthorized()),
        refused("nobody runs a command", () => kubelet.run(nobody, container, "id"), unauthorized()),
      ],
    }));
  },
);

claim(
  "kubelet-authn/client-ca-file",
  {
    says: "The kubelet is started with --client-ca-file, and refuses certificates of etcd's, the front proxy's or a rogue CA",
    documented: slide("API server → kubelet"),
    touches: "nothing",
    outdated: {
      since: "1.11",
      now: "kubeadm names the CA in the kubelet's configuration file, as authentication.x509.clientCAFile",
      unless: (lab) => lab.everyKubelet((kubelet) => kubelet.argument("client-ca-file")),
    },
  },
  async (lab) => {
    const [apiServer, clusterCa] = await Promise.all([kubeletClient(lab), lab.credentials.authority("ca")]);
    const [fresh, ofOtherCas] = await Promise.all([
      rightTwin(apiServer, clusterCa),
      certificatesOfOtherCas(lab, apiServer),
    ]);
    const isClusterCa = (pem: string) => pem.includes(clusterCa.certPem.trim());
    return onEach(lab.kubelets, (kubelet) => {
      const inForce = async () => {
        const exchange = await kubelet.configz(apiServer);
        const { outcome } = exchange;
        const file =
          outcome.kind === "accepted" ? outcome.data.authentication?.x509?.clientCAFile : undefined;
        const data = file ? await kubelet.readFile(file) : "";
        return mapAnswer(exchange, () => ({ data, summary: `clientCAFile: ${file ?? "none"}` }));
      };
      const argument = async () => {
        const value = await kubelet.argument("client-ca-file");
        const pem = value && (await kubelet.readFile(value));
        const summary = `--client-ca-file is ${value ?? "not there"}`;
        return observation(kubelet.node, "the kubelet's arguments", pem, summary);
      };
      const pods = (as: typeof fresh) => kubelet.get(as, "/pods");
      return {
        works: [
          works("the API server reads the configuration in force", inForce, {
            shows: "clientCAFile: a file with the cluster's CA",
            where: isClusterCa,
          }),
          works("a fresh certificate of the cluster's CA reads pods", () => pods(fresh), { status: 200 }),
        ],
        observed: [
          observed("the kubelet's arguments", argument, {
            shows: "no --client-ca-file, or a file with the cluster's CA",
            where: (pem) => pem === undefined || isClusterCa(pem),
          }),
        ],
        refused: ofOtherCas("reads pods", pods, unauthorized()),
      };
    });
  },
);

claim(
  "kubelet-authn/validity-checked",
  {
    says: "The kubelet refuses a client certificate that is expired, not yet valid, or for servers only",
    documented: authentication,
    touches: "nothing",
  },
  async (lab) => {
    const [apiServer, clusterCa] = await Promise.all([kubeletClient(lab), lab.credentials.authority("ca")]);
    const valid = await rightTwin(apiServer, clusterCa);
    return onEach(lab.kubelets, async (kubelet) => ({
      works: [
        works("a client shows a valid certificate", () => kubelet.get(valid, "/pods"), { status: 200 }),
      ],
      refused: await wrongCertificates(apiServer, clusterCa, (as) => kubelet.get(as, "/pods"), {
        outsideValidity: unauthorized(),
        wrongUsage: unauthorized(),
      }),
    }));
  },
);

claim(
  "kubelet-authn/tokens-reviewed",
  {
    says: "The kubelet accepts a service account's token, and refuses a forged, a malformed and a deleted account's",
    documented: authentication,
    touches: "own-objects",
  },
  async (lab) => {
    const { core } = (await lab.admin()).clients;
    const may = [{ apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] }];
    const deleted = await serviceAccount(lab, { may });
    await core.deleteNamespacedServiceAccount({ name: deleted.name, namespace: deleted.namespace });
    // Made after that, and waited for: an API server that knows this one's rights has learnt of the deletion, too.
    const account = await serviceAccount(lab, { may });
    const forged = byToken(await forge.otherKey(account.identity.token), "a forged token");
    const malformed = byToken(lab.unique("sesame"), "a string that is not a token");
    return onEach(lab.kubelets, (kubelet) => ({
      works: [
        works("the account reads metrics", () => kubelet.get(account.identity, "/metrics"), { status: 200 }),
      ],
      refused: [
        refused(
          "the account's token under another key",
          () => kubelet.get(forged, "/metrics"),
          unauthorized(),
        ),
        // Only the API server knows this: the token's signature and dates are right.
        refused("a deleted account's token", () => kubelet.get(deleted.identity, "/metrics"), unauthorized()),
        refused("a string that is not a token", () => kubelet.get(malformed, "/metrics"), unauthorized()),
      ],
    }));
  },
);
