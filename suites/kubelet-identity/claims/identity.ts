import { byCertificate, type Identity, nodeIdentity, wrong } from "../../../harness/credentials.ts";
import { allow, phantomNode } from "../../../harness/fixtures.ts";
import {
  type ApiServer,
  claim,
  deniedByAdmission,
  forbidden,
  kubernetes,
  onEach,
  refused,
  slide,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { mergePatch } from "../../../harness/probes.ts";

const readNode = (apiServer: ApiServer, as: Identity, name: string) => () =>
  apiServer.call(as, ({ core }) => core.readNode({ name }));

claim(
  "kubelet-identity/node-name",
  {
    says: "The live kubelet authenticates with a certificate of CN=system:node:NAME and O=system:nodes",
    documented: slide("Kubelet → API server"),
    touches: "nothing",
  },
  async (lab) => {
    const clusterCa = await lab.credentials.authority("ca");
    return onEach(lab.kubelets, async (kubelet) => {
      const { name } = kubelet.node;
      const user = `system:node:${name}`;
      const apiServer = lab.apiServerFor(kubelet.node);
      const [live, sameSubject] = await Promise.all([kubelet.identity(), nodeIdentity(lab, name)]);
      const rogue = await wrong.rogueCa(sameSubject, clusterCa);
      return {
        works: [
          works("the API server knows the live kubelet", () => apiServer.whoAmI(live), {
            shows: `the user ${user} in system:nodes`,
            where: ({ username, groups }) =>
              username === user && groups.join() === "system:authenticated,system:nodes",
          }),
          works(
            "a fresh certificate with the same subject reads the Node",
            readNode(apiServer, sameSubject, name),
          ),
        ],
        refused: [
          refused(
            "a certificate with the same subject, of a rogue CA, calls the API server",
            () => apiServer.whoAmI(rogue),
            unauthorized(),
          ),
        ],
      };
    });
  },
);

claim(
  "kubelet-identity/name-and-group",
  {
    says: "A kubelet's rights take both its user name and its group: with one of them it cannot read its Node",
    documented: kubernetes(
      "Using Node Authorization, Overview",
      "reference/access-authn-authz/node/#overview",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const { name } = lab.node;
    const ca = await lab.credentials.authority("ca");
    const bearer = async (cn: string, organizations: string[]) =>
      byCertificate(await ca.issue({ cn, organizations, usages: ["client"] }));
    const [both, nameOnly, groupOnly, emptyName] = await Promise.all([
      bearer(`system:node:${name}`, ["system:nodes"]),
      bearer(`system:node:${name}`, []),
      bearer("jean.doe", ["system:nodes"]),
      bearer("system:node:", ["system:nodes"]),
    ]);
    const noNode = forbidden("get", "nodes");
    return onEach(lab.apiServers, (apiServer) => ({
      works: [works("a user with name and group reads the Node", readNode(apiServer, both, name))],
      refused: [
        refused(
          "a user with the name, without the group, reads the Node",
          readNode(apiServer, nameOnly, name),
          noNode,
        ),
        refused(
          "a user with the group, without the name, reads the Node",
          readNode(apiServer, groupOnly, name),
          noNode,
        ),
        refused(
          "a user with the group and an empty node name reads the Node",
          readNode(apiServer, emptyName, name),
          noNode,
        ),
      ],
    }));
  },
);

claim(
  "kubelet-identity/nothing-special",
  {
    says: "The API server treats a kubelet like any other client: nothing about kubelets is special",
    documented: slide("Kubelet → API server"),
    outdated: {
      since: "1.7",
      now: "the Node authorizer and the admission plugin NodeRestriction exist for kubelets only",
    },
    touches: "own-objects",
  },
  async (lab) => {
    const [administrator, ca] = await Promise.all([lab.administrator(), lab.credentials.authority("ca")]);
    const name = lab.unique("client");
    const client = byCertificate(await ca.issue({ cn: name, usages: ["client"] }));
    await allow(lab, [{ apiGroups: [""], resources: ["nodes"], verbs: ["patch"] }], { kind: "User", name });
    return onEach(lab.apiServers, async (apiServer) => {
      const node = await phantomNode(lab);
      const user = `system:node:${node.name}`;
      const attributes = { resource: "nodes", name: node.name, verb: "get" };
      const label = (as: Identity, key: string) => async () =>
        mergePatch(await apiServer.api(as), `/api/v1/nodes/${node.name}`, {
          metadata: { labels: { [key]: "yes" } },
        });
      return {
        works: [
          works(
            "the API server says why a kubelet may read its Node",
            () =>
              apiServer.accessReview(administrator, {
                user,
                groups: ["system:nodes"],
                resourceAttributes: attributes,
              }),
            {
              shows: "a rule that is not RBAC's",
              where: ({ allowed, reason }) => allowed && !reason.includes("RBAC"),
            },
          ),
          works(
            "a client that may patch nodes sets a node-restriction label",
            label(client, "node-restriction.kubernetes.io/client"),
          ),
        ],
        refused: [
          refused(
            "a kubelet, which may patch its Node, sets such a label",
            label(node.identity, "node-restriction.kubernetes.io/kubelet"),
            deniedByAdmission(/is not allowed to modify labels: node-restriction.kubernetes.io/),
          ),
          refused(
            "a client that may patch nodes reads the Node",
            readNode(apiServer, client, node.name),
            forbidden("get", "nodes"),
          ),
        ],
      };
    });
  },
);
