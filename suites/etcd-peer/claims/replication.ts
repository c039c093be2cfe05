import {
  type Cluster,
  claim,
  type EtcdMember,
  observed,
  onEach,
  refused,
  slide,
  tlsAlert,
  works,
} from "../../../harness/index.ts";
import { connections } from "../../../harness/nodes.ts";
import { observation } from "../../../harness/probes.ts";

const threeMembers = {
  what: "three members of etcd",
  met: (cluster: Cluster) => cluster.controlPlanes.length >= 3,
};

/** The addresses at the other ends of a member's peer connections, without ports and brackets. */
async function partners({ node }: EtcdMember, port: number): Promise<string[]> {
  const ends = (await connections(node, port)).map(({ peer }) => peer.slice(0, peer.lastIndexOf(":")));
  return [...new Set(ends.map((end) => end.replace(/^\[(::ffff:)?|\]$/g, "")))];
}

claim(
  "etcd-peer/members-replicate",
  {
    says: "Each member of etcd stores what the API server wrote, and only members are connected to the peer port",
    documented: slide("etcd peers"),
    touches: "own-objects",
    preconditions: [threeMembers],
    exclusive: true, // other claims call the peer port from a neighbour's address
  },
  async (lab) => {
    const { core } = (await lab.admin()).clients;
    const [namespace, name] = [await lab.namespace(), lab.unique("replicated")];
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
    lab.cleanup(`config map ${namespace}/${name}`, () => core.deleteNamespacedConfigMap({ namespace, name }));
    const [client, stranger] = await Promise.all([
      lab.credentials.certificate("apiserver-etcd-client"),
      lab.credentials.certificate("apiserver-kubelet-client"),
    ]);
    return onEach(lab.etcdMembers, (member) => {
      const others = lab.cluster.controlPlanes.filter(({ name }) => name !== member.node.name);
      const known = [member.node, ...others].flatMap(({ addresses }) => addresses);
      const connected = async () => {
        const { port } = await member.peer();
        const addresses = await partners(member, port);
        return observation(member.node, `connections of port ${port}`, addresses, addresses.join(", "));
      };
      return {
        works: [
          works(
            "the member returns an object that was just written",
            () => member.value(client, `/registry/configmaps/${namespace}/${name}`),
            { shows: "the object", where: (value) => value !== null },
          ),
        ],
        observed: [
          observed("addresses that are connected to its peer port", connected, {
            shows: "every other member, and nobody else",
            where: (addresses) =>
              addresses.every((one) => known.includes(one)) &&
              others.every((other) => other.addresses.some((one) => addresses.includes(one))),
          }),
        ],
        refused: [
          refused(
            "a client certificate of the cluster's CA calls as a peer",
            () => member.peerMembers(stranger),
            tlsAlert("unknown_ca"),
          ),
        ],
      };
    });
  },
);
