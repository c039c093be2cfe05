import {
  byCertificate,
  describeCertificate,
  type Identity,
  nobody,
  rightTwin,
  wrong,
} from "../../harness/credentials.ts";
import { alerts, claim, type Lab, refused, slide, works } from "../../harness/index.ts";
import { apiServerEndpoint, argumentOf, connections } from "../../harness/nodes.ts";
import {
  cheapestVantage,
  etcdCount,
  https,
  observation,
  plainHttp,
  readPlain,
  withEtcdLog,
} from "../../harness/probes.ts";

/** Counting the keys of Kubernetes: the smallest question by which etcd shows that it trusts somebody. */
async function counting(lab: Lab) {
  const etcd = await lab.etcdClient();
  const from = await cheapestVantage(lab, etcd); // who asks is all that counts here, not from where
  return (as: Identity) => () => etcdCount(from, etcd, as, "/registry/");
}

const apiServerCertificate = (lab: Lab) => lab.credentials.certificate("apiserver-etcd-client");

const keysAreThere = { shows: "keys under /registry/", where: (count: number) => count > 0 };

claim(
  "etcd-client/certificate-required",
  {
    says: "etcd's client port demands a client certificate: without one there is no answer, not even in the clear",
    documented: slide("etcd clients"),
  },
  async (lab) => {
    const count = await counting(lab);
    const etcd = await lab.etcdClient();
    const noTls = /first record does not look like a TLS handshake/;
    const inTheClear = () =>
      withEtcdLog(lab.node, noTls, () => plainHttp(lab.fromNode(), etcd, { path: "/version" }, readPlain));
    return {
      works: [works("the API server's certificate", count(await apiServerCertificate(lab)), keysAreThere)],
      refused: [
        refused("no certificate", count(nobody), "tls", { alert: alerts.certificateRequired }),
        refused("plain HTTP", inTheClear, "tls", {
          reason: /first record does not look like a TLS handshake/,
        }),
      ],
    };
  },
);

claim(
  "etcd-client/cluster-ca-refused",
  {
    says: "A certificate of the cluster's CA, even the administrator's, opens nothing on etcd's client port",
    documented: slide("etcd clients"),
  },
  async (lab) => {
    const count = await counting(lab);
    const clusterCa = await lab.credentials.authority("ca");
    const apiServer = await apiServerCertificate(lab);
    const sibling = await wrong.otherCa(apiServer.certificate?.certPem ?? "", clusterCa);
    const unknownCa = { alert: alerts.unknownCa };
    return {
      works: [works("the API server's certificate", count(apiServer), keysAreThere)],
      refused: [
        refused("the administrator's certificate", count(await lab.administrator()), "tls", unknownCa),
        refused(
          "the API server's names, signed by the cluster's CA",
          count(byCertificate(sibling)),
          "tls",
          unknownCa,
        ),
      ],
    };
  },
);

claim(
  "etcd-client/own-ca",
  {
    says: "Only etcd's own CA makes clients of etcd: a CA of the same name under another key does not",
    documented: slide("etcd clients"),
  },
  async (lab) => {
    const count = await counting(lab);
    const etcdCa = await lab.credentials.authority("etcd/ca");
    const genuine = (await apiServerCertificate(lab)).certificate?.certPem ?? "";
    const twin = byCertificate(await rightTwin(genuine, etcdCa), "a fresh certificate of etcd's CA");
    const rogue = byCertificate(await wrong.rogueCa(genuine, etcdCa), "the same names, from a rogue etcd-ca");
    return {
      works: [works("a fresh certificate of etcd's CA", count(twin), keysAreThere)],
      refused: [refused("a rogue CA of the same name", count(rogue), "tls", { alert: alerts.unknownCa })],
    };
  },
);

claim(
  "etcd-client/validity-checked",
  {
    says: "etcd refuses a client certificate outside its time, and one that is for servers only",
    documented: slide("etcd clients"),
  },
  async (lab) => {
    const count = await counting(lab);
    const etcdCa = await lab.credentials.authority("etcd/ca");
    const genuine = (await apiServerCertificate(lab)).certificate?.certPem ?? "";
    const [expired, early, server] = await Promise.all([
      wrong.expired(genuine, etcdCa),
      wrong.notYetValid(genuine, etcdCa),
      wrong.usage(genuine, etcdCa, "server"),
    ]);
    // Go reports a certificate that is not valid yet with the alert for an expired one (crypto/tls, handshake_server.go).
    const outOfTime = { alert: alerts.certificateExpired };
    return {
      works: [
        works(
          "the same subject, within its time",
          count(byCertificate(await rightTwin(genuine, etcdCa))),
          keysAreThere,
        ),
      ],
      refused: [
        refused("expired yesterday", count(byCertificate(expired)), "tls", outOfTime),
        refused("valid from tomorrow", count(byCertificate(early)), "tls", outOfTime),
        refused("for servers only", count(byCertificate(server)), "tls", { alert: alerts.badCertificate }),
      ],
    };
  },
);

claim(
  "etcd-client/api-server-alone",
  {
    says: "The API server is etcd's only client, with the certificate that its --etcd-certfile names",
    documented: slide("etcd clients"),
    exclusive: true, // the dials of other claims are connections of the port, too
  },
  async (lab) => {
    const count = await counting(lab);
    const etcd = await lab.etcdClient();
    const apiServer = await lab.credentials.certificate("apiserver-etcd-client");
    const named = await lab.credentials.namedBy("kube-apiserver", "etcd-certfile", "etcd-keyfile");
    const clients = async () => {
      const open = await connections(lab.node, etcd.port);
      const names = [...new Set(open.map(({ command }) => command))].sort();
      return observation(lab.node, `connections of port ${etcd.port}`, names, names.join(", "));
    };
    const subject = describeCertificate(apiServer.certificate?.certPem ?? "").subject.cn;
    return {
      works: [
        works("the certificate that the API server's arguments name", count(named), keysAreThere),
        works<string[]>("who holds connections of the port", clients, {
          shows: "etcd and kube-apiserver alone",
          where: (names) => names.join() === "etcd,kube-apiserver",
        }),
      ],
      refused: [
        refused(
          `another kubeadm client, instead of ${subject}`,
          count(await lab.credentials.certificate("apiserver-kubelet-client")),
          "tls",
          {
            alert: alerts.unknownCa,
          },
        ),
      ],
    };
  },
);

claim(
  "etcd-client/server-verified",
  {
    says: "The API server can tell the true etcd: the CA that --etcd-cafile names vouches for etcd's port, and for nothing else",
    documented: slide("etcd clients"),
  },
  async (lab) => {
    const [etcd, apiServer] = await Promise.all([lab.etcdClient(), apiServerEndpoint(lab.node)]);
    const as = await apiServerCertificate(lab);
    const caFile = (await argumentOf(lab.node, "kube-apiserver", "etcd-cafile")) ?? "";
    const [trust, clusterCa] = await Promise.all([
      lab.credentials.file(caFile),
      lab.credentials.pem("ca.crt"),
    ]);
    const weRefuse = { reason: /the client refuses the server's certificate/ };
    const judgedByClusterCa = () =>
      etcdCount(lab.fromNode(), { ...etcd, trust: clusterCa }, as, "/registry/");
    const anotherServer = () =>
      https(lab.fromNode(), { ...apiServer, trust }, nobody, { path: "/version" }, readPlain);
    return {
      works: [
        works(
          "etcd, judged by that CA",
          () => etcdCount(lab.fromNode(), { ...etcd, trust }, as, "/registry/"),
          keysAreThere,
        ),
      ],
      refused: [
        refused("etcd, judged by the cluster's CA", judgedByClusterCa, "tls", weRefuse),
        refused("a server of the cluster's CA, judged by that CA", anotherServer, "tls", weRefuse),
      ],
    };
  },
);
