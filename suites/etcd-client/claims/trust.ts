import {
  claim,
  onEach,
  refused,
  slide,
  tlsAlert,
  together,
  trustsOnly,
  works,
} from "../../../harness/index.ts";

claim(
  "etcd-client/no-other-ca",
  {
    says: "etcd's client port trusts no CA but etcd's, and the API server trusts no other CA for etcd",
    documented: slide("etcd clients"),
    touches: "nothing",
  },
  async (lab) => {
    const [apiServer, administrator] = await Promise.all([
      lab.credentials.certificate("apiserver-etcd-client"),
      lab.administrator(),
    ]);
    const shown = await Promise.all(
      lab.apiServers.map((one) => one.namedCertificate("etcd-certfile", "etcd-keyfile")),
    );
    const served = await Promise.all(lab.etcdMembers.map((member) => member.fileOf("cert-file")));
    const ofClients = onEach(lab.etcdMembers, (member) => ({
      works: [works("the API server counts keys", () => member.count(apiServer))],
      observed: [
        trustsOnly(lab, member, {
          name: "every CA in etcd's --trusted-ca-file",
          argument: "trusted-ca-file",
          authority: "etcd/ca",
          judges: shown.map(({ certificate }) => certificate.certPem),
        }),
      ],
      refused: [
        refused(
          "the administrator, of the cluster's CA, counts keys",
          () => member.count(administrator),
          tlsAlert("unknown_ca"),
        ),
      ],
    }));
    const ofServers = onEach(lab.apiServers, (one) => ({
      observed: [
        trustsOnly(lab, one, {
          name: "every CA in the API server's --etcd-cafile",
          argument: "etcd-cafile",
          authority: "etcd/ca",
          judges: served,
        }),
      ],
    }));
    return together(ofClients, ofServers);
  },
);
