import { trustBundle } from "../../../harness/credentials.ts";
import {
  claim,
  observed,
  onEach,
  refused,
  slide,
  tlsAlert,
  together,
  works,
} from "../../../harness/index.ts";
import { enumeration, nothingBeyond } from "../../../harness/probes.ts";

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
        observed(
          "every CA in etcd's --trusted-ca-file",
          async () => {
            const judges = shown.map(({ certificate }) => certificate.certPem);
            const file = await member.caFile("trusted-ca-file");
            const cas = await trustBundle(lab, file, { authority: "etcd/ca", judges });
            return enumeration(member.node, "etcd's --trusted-ca-file", cas);
          },
          nothingBeyond("etcd's CA only"),
        ),
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
        observed(
          "every CA in the API server's --etcd-cafile",
          async () => {
            const file = await one.caFile("etcd-cafile");
            const cas = await trustBundle(lab, file, { authority: "etcd/ca", judges: served });
            return enumeration(one.node, "kube-apiserver's --etcd-cafile", cas);
          },
          nothingBeyond("etcd's CA only"),
        ),
      ],
    }));
    return together(await ofClients, await ofServers);
  },
);
