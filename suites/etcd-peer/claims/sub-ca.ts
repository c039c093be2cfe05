import { isSignedBy } from "../../../harness/credentials.ts";
import {
  claim,
  type EtcdMember,
  type Lab,
  observed,
  onEach,
  refused,
  serverNotTrusted,
  slide,
  tlsAlert,
  works,
} from "../../../harness/index.ts";
import { observation } from "../../../harness/probes.ts";
import { members, peerCertificate } from "../member.ts";

/** What a member's CA is: whether it signed itself, and whether it signed the API server's client certificate as well. */
async function makeOfCa(lab: Lab, { node }: EtcdMember) {
  const [etcdCa, client] = await Promise.all([
    lab.credentials.pem("etcd/ca.crt", node),
    lab.credentials.certificate("apiserver-etcd-client"),
  ]);
  const root = isSignedBy(etcdCa, etcdCa);
  const shared = isSignedBy(client.certificate.certPem, etcdCa);
  return { etcdCa, separate: !root || !shared, root, shared };
}

claim(
  "etcd-peer/separate-sub-ca",
  {
    says: "Peers authenticate with certificates of a separate sub-CA",
    documented: slide("etcd peers"),
    outdated: {
      // kubeadm has made a CA for etcd since it secures etcd at all (CHANGELOG-1.10).
      since: "1.10",
      now: "etcd's CA is a root of its own, which peers and clients share, and not a sub-CA of the cluster's",
      unless: async (lab) => {
        const makes = await Promise.all(lab.etcdMembers.map((member) => makeOfCa(lab, member)));
        return makes.every(({ separate }) => separate);
      },
    },
    touches: "nothing",
  },
  async (lab) => {
    const [clusterCa, forKubelets] = await Promise.all([
      lab.credentials.pem("ca.crt"),
      lab.credentials.certificate("apiserver-kubelet-client"),
    ]);
    const [first] = lab.etcdMembers;
    const { separate } = first ? await makeOfCa(lab, first) : { separate: false };
    return onEach(lab.etcdMembers, async (member) => {
      const make = await makeOfCa(lab, member);
      const signers = async () => {
        const words = [
          `etcd's CA is signed by ${make.root ? "itself" : "another CA"}`,
          `the API server's client certificate by ${make.shared ? "etcd's CA" : "another CA"}`,
        ];
        return observation(member.node, lab.cluster.pki("etcd/ca.crt"), make, words.join(", "));
      };
      return {
        works: [
          works("a client verifies the member by etcd's CA", () =>
            member.servedCertificate("peer", { trust: make.etcdCa }),
          ),
          works(
            "a peer shows the member's certificate",
            async () => member.peerMembers(await peerCertificate(member)),
            members,
          ),
        ],
        observed: [
          observed("the signers of etcd's CA and of the API server's client certificate", signers, {
            shows: separate ? "a sub-CA, or a CA that clients do not share" : "etcd's CA itself, twice",
            where: (seen) => seen.separate === separate,
          }),
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
