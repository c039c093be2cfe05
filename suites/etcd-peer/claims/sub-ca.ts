import { isSignedBy } from "../../../harness/credentials.ts";
import {
  claim,
  observed,
  onEach,
  refused,
  serverNotTrusted,
  slide,
  tlsAlert,
  works,
} from "../../../harness/index.ts";
import { observation } from "../../../harness/probes.ts";
import { members } from "../member.ts";

claim(
  "etcd-peer/separate-sub-ca",
  {
    says: "Peers authenticate with certificates of a separate sub-CA",
    documented: slide("etcd peers"),
    outdated: {
      // kubeadm has made a CA for etcd since it secures etcd at all (CHANGELOG-1.10).
      since: "1.10",
      now: "etcd's CA is a root of its own, which peers and clients share, and not a sub-CA of the cluster's",
    },
    touches: "nothing",
  },
  async (lab) => {
    const [clusterCa, client, forKubelets] = await Promise.all([
      lab.credentials.pem("ca.crt"),
      lab.credentials.certificate("apiserver-etcd-client"),
      lab.credentials.certificate("apiserver-kubelet-client"),
    ]);
    return onEach(lab.etcdMembers, async (member) => {
      const etcdCa = await lab.credentials.pem("etcd/ca.crt", member.node);
      const signer = async () => {
        const root = isSignedBy(etcdCa, etcdCa) && !isSignedBy(etcdCa, clusterCa);
        const words = `etcd's CA is signed by ${root ? "itself" : "another CA"}`;
        return observation(member.node, lab.cluster.pki("etcd/ca.crt"), root, words);
      };
      return {
        works: [
          works("a client verifies the member by etcd's CA", () =>
            member.servedCertificate("peer", { trust: etcdCa }),
          ),
          works("the API server's client certificate calls as a peer", () => member.peerMembers(client), {
            ...members,
            shows: "the list of members: peers and clients have one CA",
          }),
        ],
        observed: [
          observed("the signer of etcd's CA", signer, { shows: "etcd's CA itself", where: (root) => root }),
        ],
        refused: [
          refused(
            "a client verifies the member by the cluster's CA",
            () => member.servedCertificate("peer", { trust: clusterCa }),
            serverNotTrusted(),
          ),
          refused(
            "a client certificate of the cluster's CA calls as a peer",
            () => member.peerMembers(forKubelets),
            tlsAlert("unknown_ca"),
          ),
        ],
      };
    });
  },
);
