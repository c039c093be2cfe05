import { byCertificate, type Identity, nobody } from "../../../harness/credentials.ts";
import { serviceAccount } from "../../../harness/fixtures.ts";
import {
  claim,
  forbidden,
  onEach,
  refused,
  serverNotTrusted,
  slide,
  tlsAlert,
  together,
  works,
} from "../../../harness/index.ts";
import type { UserInfo } from "../../../harness/probes.ts";

const authenticated = {
  shows: "an authenticated user",
  where: ({ groups }: UserInfo) => groups.includes("system:authenticated"),
};

claim(
  "general/mutual-tls",
  {
    says: "The API server and its clients authenticate with mutual TLS: both hold a valid certificate",
    documented: slide("Authentication and authorization"),
    touches: "own-objects",
    outdated: {
      since: "1.0",
      now: "the server shows a certificate; a client shows a certificate or a bearer token (so the slide since 2025)",
    },
  },
  async (lab) => {
    const [account, administrator, clusterCa, etcdCa] = await Promise.all([
      serviceAccount(lab),
      lab.administrator(),
      lab.credentials.pem("ca.crt"),
      lab.credentials.pem("etcd/ca.crt"),
    ]);
    const reviews = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    return onEach(lab.apiServers, async (apiServer) => ({
      works: [
        works("a client verifies the API server by the cluster's CA", () =>
          apiServer.servedCertificate({ trust: clusterCa }),
        ),
        works(
          "a client with a certificate and no token asks who it is",
          () => apiServer.whoAmI(administrator),
          authenticated,
        ),
        works(
          "a client with a token and no certificate asks who it is",
          () => apiServer.whoAmI(account.identity),
          { shows: `the user is ${account.user}`, where: ({ username }) => username === account.user },
        ),
      ],
      refused: [
        refused(
          "a client with neither asks who it is",
          () => apiServer.whoAmI(nobody),
          await apiServer.refusesAnonymous(reviews, "create", "selfsubjectreviews"),
        ),
        refused(
          "a client verifies the API server by another CA",
          () => apiServer.servedCertificate({ trust: etcdCa }),
          serverNotTrusted(),
        ),
      ],
    }));
  },
);

claim(
  "general/authorized-in-three-ways",
  {
    says: "The API server and the kubelet refuse an authenticated caller without rights; etcd refuses its certificate's CA",
    documented: slide("Authentication and authorization"),
    touches: "nothing",
  },
  async (lab) => {
    const { credentials } = lab;
    const [administrator, kubeletClient, etcdClient, clusterCa] = await Promise.all([
      lab.administrator(),
      credentials.certificate("apiserver-kubelet-client"),
      credentials.certificate("apiserver-etcd-client"),
      credentials.authority("ca"),
    ]);
    const user = lab.unique("stranger");
    const stranger = byCertificate(await clusterCa.issue({ cn: user, usages: ["client"] }));
    const apiServers = onEach(lab.apiServers, (apiServer) => {
      const listsSecrets = (as: Identity) => () =>
        apiServer.call(as, ({ core }) => core.listNamespacedSecret({ namespace: "kube-system" }));
      return {
        works: [
          works(
            "the stranger asks the API server who it is",
            () => apiServer.whoAmI(stranger),
            authenticated,
          ),
          works("the administrator lists Secrets", listsSecrets(administrator)),
        ],
        refused: [
          refused(
            "the stranger lists Secrets",
            listsSecrets(stranger),
            forbidden("list", "secrets", { user }),
          ),
        ],
      };
    });
    const kubelets = onEach(lab.kubelets, async (kubelet) => ({
      works: [
        works("the API server reads the kubelet's pods", () => kubelet.get(kubeletClient, "/pods"), {
          status: 200,
        }),
      ],
      refused: [
        refused(
          "the stranger reads the kubelet's pods",
          () => kubelet.get(stranger, "/pods"),
          await kubelet.forbids("get", "/pods", user),
        ),
      ],
    }));
    const members = onEach(lab.etcdMembers, (member) => ({
      works: [
        works("the API server counts etcd's keys", () => member.count(etcdClient), {
          shows: "keys",
          where: (count) => count > 0,
        }),
      ],
      refused: [
        refused("the stranger counts etcd's keys", () => member.count(stranger), tlsAlert("unknown_ca")),
      ],
    }));
    return together(together(apiServers, kubelets), members);
  },
);
