import {
  byCertificate,
  type Identity,
  isSignedBy,
  nobody,
  rightTwin,
  wrong,
} from "../../harness/credentials.ts";
import { alerts, type Cluster, claim, type Lab, refused, slide, works } from "../../harness/index.ts";
import { connections, type Node } from "../../harness/nodes.ts";
import {
  etcdPeerMembers,
  etcdValue,
  observation,
  plainHttp,
  readPlain,
  servedCertificate,
  withEtcdLog,
} from "../../harness/probes.ts";

/** Asking a member for the list that it keeps for its peers: the smallest question that its peer port answers. */
async function asking(lab: Lab) {
  const peer = await lab.etcdPeer();
  return (as: Identity) => () => etcdPeerMembers(lab.fromNode(), peer, as);
}

/** The certificate that etcd's own arguments name for its peers. */
const member = (lab: Lab) => lab.credentials.namedBy("etcd", "peer-cert-file", "peer-key-file");
const pemOf = (as: Identity) => as.certificate?.certPem ?? "";

const membersAreThere = {
  status: 200,
  shows: "the list of members",
  where: (body: string) => (JSON.parse(body) as unknown[]).length > 0,
};

claim(
  "etcd-peer/certificate-required",
  {
    says: "etcd's peer port demands a client certificate: without one there is no answer, not even in the clear",
    documented: slide("etcd peers"),
  },
  async (lab) => {
    const ask = await asking(lab);
    const peer = await lab.etcdPeer();
    // Go's server reads a plaintext request as a handshake without a certificate; etcd's log words it in either way.
    const noHandshake = /first record does not look like a TLS handshake|didn't provide a certificate/;
    const inTheClear = () =>
      withEtcdLog(lab.node, noHandshake, () =>
        plainHttp(lab.fromNode(), peer, { path: "/members" }, readPlain),
      );
    return {
      works: [works("the member's own certificate", ask(await member(lab)), membersAreThere)],
      refused: [
        refused("no certificate", ask(nobody), "tls", { alert: alerts.certificateRequired }),
        refused("plain HTTP", inTheClear, "tls", { reason: noHandshake }),
      ],
    };
  },
);

claim(
  "etcd-peer/own-ca",
  {
    says: "Only etcd's own CA makes peers of etcd: the cluster's CA does not, nor a rogue CA of the same name",
    documented: slide("etcd peers"),
  },
  async (lab) => {
    const ask = await asking(lab);
    const [etcdCa, clusterCa] = await Promise.all([
      lab.credentials.authority("etcd/ca"),
      lab.credentials.authority("ca"),
    ]);
    const genuine = pemOf(await member(lab));
    const [twin, sibling, rogue] = await Promise.all([
      rightTwin(genuine, etcdCa),
      wrong.otherCa(genuine, clusterCa),
      wrong.rogueCa(genuine, etcdCa),
    ]);
    const unknownCa = { alert: alerts.unknownCa };
    const rogueIdentity = byCertificate(rogue, "the member's names, signed by a rogue etcd-ca");
    return {
      works: [works("the member's names, signed by etcd's CA", ask(byCertificate(twin)), membersAreThere)],
      refused: [
        refused("the same names, signed by the cluster's CA", ask(byCertificate(sibling)), "tls", unknownCa),
        refused("the administrator's certificate", ask(await lab.administrator()), "tls", unknownCa),
        refused("the same names, from a rogue CA of the same name", ask(rogueIdentity), "tls", unknownCa),
      ],
    };
  },
);

claim(
  "etcd-peer/validity-checked",
  {
    says: "etcd refuses a peer's certificate outside its time, and one that is for servers only",
    documented: slide("etcd peers"),
  },
  async (lab) => {
    const ask = await asking(lab);
    const etcdCa = await lab.credentials.authority("etcd/ca");
    const genuine = pemOf(await member(lab));
    const [twin, expired, early, server] = await Promise.all([
      rightTwin(genuine, etcdCa),
      wrong.expired(genuine, etcdCa),
      wrong.notYetValid(genuine, etcdCa),
      wrong.usage(genuine, etcdCa, "server"),
    ]);
    const outOfTime = { alert: alerts.certificateExpired };
    return {
      works: [works("the same names, within their time", ask(byCertificate(twin)), membersAreThere)],
      refused: [
        refused("expired yesterday", ask(byCertificate(expired)), "tls", outOfTime),
        refused("valid from tomorrow", ask(byCertificate(early)), "tls", outOfTime),
        refused("for servers only", ask(byCertificate(server)), "tls", { alert: alerts.badCertificate }),
      ],
    };
  },
);

// etcd compares the caller's address with the SANs once the handshake is done, and hangs up without a word
// (client/pkg/transport/listener_tls.go, checkCertSAN): its log says why.
const elsewhere = /does not match any of DNSNames|certificate is valid for .*, not /;

claim(
  "etcd-peer/address-checked",
  {
    says: "A member's certificate is good at the member's address alone: stolen, it opens nothing from elsewhere",
    documented: slide("etcd peers"),
  },
  async (lab) => {
    const [peer, stolen, neighbour] = await Promise.all([lab.etcdPeer(), member(lab), lab.fromNeighbour()]);
    const etcdCa = await lab.credentials.authority("etcd/ca");
    const strange = byCertificate(
      await wrong.sans(pemOf(stolen), etcdCa, { dns: [], ip: ["192.0.2.1"] }),
      "the member's certificate, but for another address",
    );
    const askFrom = (from: typeof neighbour, as: Identity) => () =>
      withEtcdLog(lab.node, elsewhere, () => etcdPeerMembers(from, peer, as));
    return {
      works: [
        works("from the member's own address", await asking(lab).then((ask) => ask(stolen)), membersAreThere),
      ],
      refused: [
        refused("the same certificate from a neighbour's address", askFrom(neighbour, stolen), "tls", {
          reason: elsewhere,
        }),
        refused(
          "a certificate for another address, from the member's",
          askFrom(lab.fromNode(), strange),
          "tls",
          {
            reason: elsewhere,
          },
        ),
      ],
    };
  },
);

claim(
  "etcd-peer/nameless-passes",
  {
    says: "A limit: a certificate of etcd's CA that names no address, such as a client's, passes as a peer from anywhere",
    documented: slide("etcd peers"),
  },
  async (lab) => {
    const [peer, neighbour] = await Promise.all([lab.etcdPeer(), lab.fromNeighbour()]);
    const [client, healthcheck] = await Promise.all([
      lab.credentials.certificate("apiserver-etcd-client"),
      lab.credentials.certificate("etcd/healthcheck-client"),
    ]);
    const askFromAfar = (as: Identity) => () => etcdPeerMembers(neighbour, peer, as);
    const named = await member(lab);
    return {
      works: [
        works("the API server's certificate, from a neighbour", askFromAfar(client), membersAreThere),
        works("the health check's certificate, from a neighbour", askFromAfar(healthcheck), membersAreThere),
      ],
      refused: [
        refused(
          "a certificate that names another address",
          () => withEtcdLog(lab.node, elsewhere, askFromAfar(named)),
          "tls",
          { reason: elsewhere },
        ),
      ],
    };
  },
);

claim(
  "etcd-peer/separate-sub-ca",
  {
    says: "Peers authenticate with certificates of a separate sub-CA",
    documented: slide("etcd peers"),
    outdated: {
      // kubeadm has made a CA for etcd since it secures etcd at all (CHANGELOG-1.10).
      since: "1.10",
      now: "etcd's CA is no sub-CA of the cluster's: it is a root of its own, which etcd's peers and clients share",
    },
  },
  async (lab) => {
    const ask = await asking(lab);
    const peer = await lab.etcdPeer();
    const [etcdCa, clusterCa] = await Promise.all([
      lab.credentials.pem("etcd/ca.crt"),
      lab.credentials.pem("ca.crt"),
    ]);
    const signer = async () => {
      const own = isSignedBy(etcdCa, etcdCa);
      const summary = `etcd's CA is signed by ${own ? "itself" : "another"}`;
      return observation(
        lab.node,
        lab.cluster.pki("etcd/ca.crt"),
        own && !isSignedBy(etcdCa, clusterCa),
        summary,
      );
    };
    const judgedBy = (trust: string) => () => servedCertificate(lab.fromNode(), { ...peer, trust });
    return {
      works: [
        works<boolean>("who signed etcd's CA", signer, { shows: "itself", where: (itself) => itself }),
        works("etcd's CA alone vouches for a member", judgedBy(etcdCa)),
        works("a client's certificate", ask(await lab.credentials.certificate("apiserver-etcd-client")), {
          ...membersAreThere,
          shows: "peers and clients have one CA",
        }),
      ],
      refused: [
        refused("the cluster's CA vouches for a member", judgedBy(clusterCa), "tls", {
          reason: /the client refuses the server's certificate/,
        }),
        refused(
          "a client of the cluster's CA",
          ask(await lab.credentials.certificate("apiserver-kubelet-client")),
          "tls",
          { alert: alerts.unknownCa },
        ),
      ],
    };
  },
);

const threeMembers = {
  what: "three members of etcd",
  met: (cluster: Cluster) => cluster.controlPlanes.length >= 3,
};

claim(
  "etcd-peer/members-replicate",
  {
    says: "The members replicate over the peer port, and with each other alone: what one stores, every other can tell",
    documented: slide("etcd peers"),
    preconditions: [threeMembers],
  },
  async (lab) => {
    const { core } = (await lab.admin()).clients;
    const [namespace, name] = [await lab.namespace(), lab.unique("replicated")];
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
    lab.cleanup(() => core.deleteNamespacedConfigMap({ namespace, name }));
    const client = await lab.credentials.certificate("apiserver-etcd-client");
    const nodes = lab.cluster.controlPlanes;
    const reading = (node: Node) => async () =>
      etcdValue(
        lab.fromNode(node),
        await lab.etcdClient(node),
        client,
        `/registry/configmaps/${namespace}/${name}`,
      );
    const partners = (node: Node) => async () => {
      const { port } = await lab.etcdPeer(node);
      const peers = (await connections(node, port)).map(({ peer }) => peer.slice(0, peer.lastIndexOf(":")));
      const addresses = [...new Set(peers.map((peer) => peer.replace(/^\[(::ffff:)?|\]$/g, "")))];
      return observation(node, `connections of port ${port}`, addresses, addresses.join(", "));
    };
    const areTheOthers = (node: Node) => ({
      shows: "the other members, all of them",
      where: (addresses: string[]) => {
        const others = nodes.filter((other) => other !== node).flatMap((other) => other.addresses);
        const strangers = addresses.filter((one) => !others.includes(one) && !node.addresses.includes(one));
        return strangers.length === 0 && nodes.every((other) => other === node || meets(addresses, other));
      },
    });
    const meets = (addresses: string[], other: Node) =>
      other.addresses.some((one) => addresses.includes(one));
    const [first = lab.node, ...rest] = nodes;
    const stored = { shows: "the object", where: (value: Uint8Array | null) => value !== null };
    const stranger = await lab.credentials.certificate("apiserver-kubelet-client");
    const intruding = (node: Node) => async () =>
      etcdPeerMembers(lab.fromNode(node), await lab.etcdPeer(node), stranger);
    return {
      works: [
        works("the first member tells an object that was just made", reading(first), stored),
        ...rest.map((node) => works(`${node.name} tells it too`, reading(node), stored)),
        ...nodes.map((node) =>
          works(`whom ${node.name} is connected with`, partners(node), areTheOthers(node)),
        ),
      ],
      refused: [
        refused(`a stranger at ${first.name}`, intruding(first), "tls", { alert: alerts.unknownCa }),
        ...rest.map((node) =>
          refused(`a stranger at ${node.name}`, intruding(node), "tls", { alert: alerts.unknownCa }),
        ),
      ],
    };
  },
);
