import { nobody, rightTwin, wrong } from "../../../harness/credentials.ts";
import {
  claim,
  etcd,
  type Lab,
  observed,
  onEach,
  refused,
  serverNotTrusted,
  slide,
  tlsAlert,
  together,
  works,
  wrongCertificates,
} from "../../../harness/index.ts";
import { callersOf } from "../../../harness/nodes.ts";
import { observation } from "../../../harness/probes.ts";

/** The certificate that kubeadm makes for the API server to show to etcd. */
const apiServerCertificate = (lab: Lab) => lab.credentials.certificate("apiserver-etcd-client");

const keys = { shows: "keys under /registry/", where: (count: number) => count > 0 };

claim(
  "etcd-client/certificate-required",
  {
    says: "etcd's client port answers only over TLS, and only a client that shows a certificate",
    documented: slide("etcd clients"),
    touches: "nothing",
  },
  async (lab) => {
    const apiServer = await apiServerCertificate(lab);
    // etcd tells a plaintext caller nothing; its log line about that connection gives the reason.
    const notTls = { layer: "tls", reason: /first record does not look like a TLS handshake/ } as const;
    return onEach(lab.etcdMembers, async (member) => ({
      works: [works("the API server counts keys", () => member.count(apiServer), keys)],
      refused: [
        refused(
          "a client without a certificate counts keys",
          () => member.count(nobody),
          await member.refusesNobody(),
        ),
        refused("a client speaks plain HTTP", () => member.getInTheClear("client", "/version"), notTls),
      ],
    }));
  },
);

claim(
  "etcd-client/cluster-ca-refused",
  {
    says: "etcd refuses a client certificate of the cluster's CA, even the administrator's",
    documented: slide("etcd clients"),
    touches: "nothing",
  },
  async (lab) => {
    const [apiServer, administrator, clusterCa] = await Promise.all([
      apiServerCertificate(lab),
      lab.administrator(),
      lab.credentials.authority("ca"),
    ]);
    const sameSubject = await wrong.otherCa(apiServer, clusterCa);
    const unknownCa = tlsAlert("unknown_ca");
    return onEach(lab.etcdMembers, (member) => ({
      works: [works("the API server counts keys", () => member.count(apiServer), keys)],
      refused: [
        refused("the administrator counts keys", () => member.count(administrator), unknownCa),
        refused(
          "the API server's subject, signed by the cluster's CA, counts keys",
          () => member.count(sameSubject),
          unknownCa,
        ),
      ],
    }));
  },
);

claim(
  "etcd-client/own-ca",
  {
    says: "etcd accepts a client certificate of its own CA, and refuses one of another CA with the same name",
    documented: slide("etcd clients"),
    touches: "nothing",
  },
  async (lab) => {
    const [apiServer, etcdCa] = await Promise.all([
      apiServerCertificate(lab),
      lab.credentials.authority("etcd/ca"),
    ]);
    const [fresh, rogue] = await Promise.all([
      rightTwin(apiServer, etcdCa),
      wrong.rogueCa(apiServer, etcdCa),
    ]);
    return onEach(lab.etcdMembers, (member) => ({
      works: [works("a fresh certificate of etcd's CA counts keys", () => member.count(fresh), keys)],
      refused: [
        refused(
          "a certificate of a rogue CA with the same name counts keys",
          () => member.count(rogue),
          tlsAlert("unknown_ca"),
        ),
      ],
    }));
  },
);

claim(
  "etcd-client/validity-checked",
  {
    says: "etcd refuses a client certificate that is expired, not yet valid, or for servers only",
    documented: etcd(
      "Transport security model, TLS certificate keyUsage and extendedKeyUsage",
      "op-guide/security/#tls-certificate-keyusage-and-extendedkeyusage",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const [apiServer, etcdCa] = await Promise.all([
      apiServerCertificate(lab),
      lab.credentials.authority("etcd/ca"),
    ]);
    const valid = await rightTwin(apiServer, etcdCa);
    return onEach(lab.etcdMembers, async (member) => ({
      works: [works("a client shows a valid certificate", () => member.count(valid), keys)],
      refused: await wrongCertificates(apiServer, etcdCa, (as) => member.count(as), {
        outsideValidity: tlsAlert("certificate_expired"),
        wrongUsage: tlsAlert("bad_certificate"),
      }),
    }));
  },
);

claim(
  "etcd-client/api-server-alone",
  {
    says: "The API server is etcd's only client, with the certificate that its --etcd-certfile names",
    documented: slide("etcd clients"),
    touches: "nothing",
    exclusive: true, // the dials of other claims are connections of the port, too
  },
  async (lab) => {
    const forKubelets = await lab.credentials.certificate("apiserver-kubelet-client");
    const named = onEach(lab.apiServers, async (apiServer) => {
      const certificate = await apiServer.namedCertificate("etcd-certfile", "etcd-keyfile");
      const member = lab.etcdOn(apiServer.node);
      return {
        works: [works("the API server's certificate counts keys", () => member.count(certificate), keys)],
      };
    });
    const others = onEach(lab.etcdMembers, (member) => ({
      observed: [
        observed(
          "programs at the other ends of the port's connections, on any machine",
          async () => {
            const { port } = await member.client();
            const callers = await callersOf(member.node, port, lab.cluster.nodes);
            return observation(member.node, `connections of port ${port}`, callers, callers.join(", "));
          },
          {
            shows: "API servers, and members of etcd",
            where: (callers) =>
              callers.length > 0 && callers.every((one) => /^(kube-apiserver|etcd) on /.test(one)),
          },
        ),
      ],
      refused: [
        refused(
          "the API server's certificate for kubelets counts keys",
          () => member.count(forKubelets),
          tlsAlert("unknown_ca"),
        ),
      ],
    }));
    return together(named, others);
  },
);

claim(
  "etcd-client/server-verified",
  {
    says: "The CA of --etcd-cafile verifies etcd's client port, and does not verify a server of the cluster's CA",
    documented: slide("etcd clients"),
    touches: "nothing",
  },
  async (lab) => {
    const [as, clusterCa] = await Promise.all([apiServerCertificate(lab), lab.credentials.pem("ca.crt")]);
    return onEach(lab.apiServers, async (apiServer) => {
      const etcdCa = await apiServer.fileOf("etcd-cafile");
      const member = lab.etcdOn(apiServer.node);
      return {
        works: [works("a client verifies etcd by that CA", () => member.count(as, { trust: etcdCa }), keys)],
        refused: [
          refused(
            "a client verifies etcd by the cluster's CA",
            () => member.count(as, { trust: clusterCa }),
            serverNotTrusted(),
          ),
          refused(
            "a client verifies the API server by that CA",
            () => apiServer.servedCertificate({ trust: etcdCa }),
            serverNotTrusted(),
          ),
        ],
      };
    });
  },
);
