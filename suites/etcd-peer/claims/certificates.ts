import { nobody, rightTwin, wrong } from "../../../harness/credentials.ts";
import {
  claim,
  etcd,
  limit,
  offers,
  onEach,
  refused,
  slide,
  tlsAlert,
  trustsOnly,
  works,
  wrongCertificates,
} from "../../../harness/index.ts";
import { members, peerCertificate } from "../member.ts";

const notes = etcd(
  "Transport security model, Notes for TLS authentication",
  "op-guide/security/#notes-for-tls-authentication",
);

claim(
  "etcd-peer/certificate-required",
  {
    says: "etcd's peer port answers only over TLS, and only a peer that shows a certificate",
    documented: slide("etcd peers"),
    touches: "nothing",
  },
  (lab) =>
    onEach(lab.etcdMembers, async (member) => {
      const own = await peerCertificate(member);
      // etcd tells a plaintext caller nothing; its log line about that connection gives the reason.
      const reason = /first record does not look like a TLS handshake/;
      return {
        works: [works("a peer shows the member's certificate", () => member.peerMembers(own), members)],
        refused: [
          refused(
            "a peer shows no certificate",
            () => member.peerMembers(nobody),
            await member.refusesNobody(),
          ),
          refused("a peer speaks plain HTTP", () => member.getInTheClear("peer", "/members"), {
            layer: "tls",
            reason,
          }),
        ],
      };
    }),
);

claim(
  "etcd-peer/own-ca",
  {
    says: "etcd accepts a peer certificate of its own CA, and refuses the cluster's CA and a rogue CA of the same name",
    documented: slide("etcd peers"),
    touches: "nothing",
  },
  async (lab) => {
    const [etcdCa, clusterCa, administrator] = await Promise.all([
      lab.credentials.authority("etcd/ca"),
      lab.credentials.authority("ca"),
      lab.administrator(),
    ]);
    const unknownCa = tlsAlert("unknown_ca");
    return onEach(lab.etcdMembers, async (member) => {
      const own = await peerCertificate(member);
      const [fresh, ofClusterCa, rogue] = await Promise.all([
        rightTwin(own, etcdCa),
        wrong.otherCa(own, clusterCa),
        wrong.rogueCa(own, etcdCa),
      ]);
      return {
        works: [
          works("a peer shows a fresh certificate of etcd's CA", () => member.peerMembers(fresh), members),
        ],
        refused: [
          refused(
            "a peer shows the same names, signed by the cluster's CA",
            () => member.peerMembers(ofClusterCa),
            unknownCa,
          ),
          refused("the administrator calls as a peer", () => member.peerMembers(administrator), unknownCa),
          refused(
            "a peer shows the same names, signed by a rogue CA of the same name",
            () => member.peerMembers(rogue),
            unknownCa,
          ),
        ],
      };
    });
  },
);

claim(
  "etcd-peer/no-other-ca",
  {
    says: "etcd's peer port trusts no CA but etcd's",
    documented: slide("etcd peers"),
    touches: "nothing",
  },
  async (lab) => {
    const administrator = await lab.administrator();
    const judges = await Promise.all(lab.etcdMembers.map((member) => member.fileOf("peer-cert-file")));
    return onEach(lab.etcdMembers, async (member) => {
      const own = await peerCertificate(member);
      return {
        works: [works("a peer shows the member's certificate", () => member.peerMembers(own), members)],
        observed: [
          trustsOnly(lab, member, {
            name: "every CA in etcd's --peer-trusted-ca-file",
            argument: "peer-trusted-ca-file",
            authority: "etcd/ca",
            judges,
          }),
        ],
        refused: [
          refused(
            "the administrator, of the cluster's CA, calls as a peer",
            () => member.peerMembers(administrator),
            tlsAlert("unknown_ca"),
          ),
        ],
      };
    });
  },
);

claim(
  "etcd-peer/validity-checked",
  {
    says: "etcd refuses a peer certificate that is expired, not yet valid, or for servers only",
    documented: etcd(
      "Transport security model, TLS certificate keyUsage and extendedKeyUsage",
      "op-guide/security/#tls-certificate-keyusage-and-extendedkeyusage",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const etcdCa = await lab.credentials.authority("etcd/ca");
    return onEach(lab.etcdMembers, async (member) => {
      const own = await peerCertificate(member);
      const valid = await rightTwin(own, etcdCa);
      return {
        works: [works("a peer shows a valid certificate", () => member.peerMembers(valid), members)],
        refused: await wrongCertificates(own, etcdCa, (as) => member.peerMembers(as), {
          outsideValidity: tlsAlert("certificate_expired"),
          wrongUsage: tlsAlert("bad_certificate"),
        }),
      };
    });
  },
);

// etcd compares the caller's address with the SANs once the handshake is done, and hangs up without a word
// (client/pkg/transport/listener_tls.go, checkCertSAN): its log says why.
const wrongAddress = {
  layer: "tls",
  reason: /does not match any of DNSNames|certificate is valid for .*, not /,
} as const;
const otherAddress = { layer: "tls", reason: /certificate is valid for 192\.0\.2\.1, not / } as const;

claim(
  "etcd-peer/address-checked",
  {
    says: "etcd accepts a peer certificate only from an address that its SANs name",
    documented: notes,
    touches: "nothing",
    preconditions: [offers("neighbour")],
  },
  async (lab) => {
    const [etcdCa, neighbour] = await Promise.all([
      lab.credentials.authority("etcd/ca"),
      lab.fromNeighbour(),
    ]);
    return onEach(lab.etcdMembers, async (member) => {
      const own = await peerCertificate(member);
      const elsewhere = await wrong.sans(own, etcdCa, { dns: [], ip: ["192.0.2.1"] });
      return {
        works: [
          works("the member's certificate, from its own address", () => member.peerMembers(own), members),
        ],
        refused: [
          refused(
            "the same certificate, from a neighbour's address",
            () => member.peerMembers(own, neighbour),
            wrongAddress,
          ),
          refused(
            "a certificate for another address, from the member's",
            () => member.peerMembers(elsewhere),
            otherAddress,
          ),
        ],
      };
    });
  },
);

/** Go's servers send this alert where a program's own check of a verified certificate fails (crypto/tls, handshake_server.go). */
const nameNotAllowed = tlsAlert("bad_certificate");

claim(
  "etcd-peer/nameless-passes",
  {
    says: "Limit: a certificate of etcd's CA without SANs, such as a client's, is accepted as a peer from any address",
    documented: notes,
    touches: "nothing",
    limit: { closedBy: "etcd's `--peer-cert-allowed-cn` or `--peer-cert-allowed-hostname`" },
    preconditions: [offers("neighbour")],
  },
  async (lab) => {
    const [neighbour, client, healthcheck] = await Promise.all([
      lab.fromNeighbour(),
      lab.credentials.certificate("apiserver-etcd-client"),
      lab.credentials.certificate("etcd/healthcheck-client"),
    ]);
    return onEach(lab.etcdMembers, async (member) => {
      const own = await peerCertificate(member);
      const shows = (what: string, as: typeof own) =>
        limit(
          works(what, () => member.peerMembers(as, neighbour), members),
          nameNotAllowed,
        );
      return {
        works: [
          works("the member shows its own certificate", () => member.peerMembers(own), members),
          shows("a neighbour shows the API server's certificate", client),
          shows("a neighbour shows the health check's certificate", healthcheck),
        ],
        refused: [
          refused(
            "a neighbour shows a certificate that names another address",
            () => member.peerMembers(own, neighbour),
            wrongAddress,
          ),
        ],
      };
    });
  },
);
