import { trustBundle, wrong } from "../../../harness/credentials.ts";
import { claim, kubernetes, observed, onEach, refused, unauthorized, works } from "../../../harness/index.ts";
import { enumeration, nothingBeyond } from "../../../harness/probes.ts";

claim(
  "kubelet-authn/no-other-ca",
  {
    says: "Each kubelet trusts no CA but the cluster's for its clients",
    documented: kubernetes(
      "Kubelet authentication",
      "reference/access-authn-authz/kubelet-authn-authz/#kubelet-authentication",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const [apiServer, etcdCa] = await Promise.all([
      lab.credentials.certificate("apiserver-kubelet-client"),
      lab.credentials.authority("etcd/ca"),
    ]);
    const ofEtcd = await wrong.otherCa(apiServer, etcdCa);
    const judges = await Promise.all(lab.apiServers.map((one) => one.fileOf("kubelet-client-certificate")));
    return onEach(lab.kubelets, (kubelet) => ({
      works: [works("the API server reads pods", () => kubelet.get(apiServer, "/pods"), { status: 200 })],
      observed: [
        observed(
          "every CA in the kubelet's clientCAFile",
          async () => {
            const file = await kubelet.clientCas();
            const cas = file ? await trustBundle(lab, file, { authority: "ca", judges }) : [];
            return enumeration(kubelet.node, "the kubelet's clientCAFile", cas);
          },
          nothingBeyond("the cluster's CA only"),
        ),
      ],
      refused: [
        refused(
          "the API server's names, signed by etcd's CA, read pods",
          () => kubelet.get(ofEtcd, "/pods"),
          unauthorized(),
        ),
      ],
    }));
  },
);
