import {
  Authority,
  byCertificate,
  describeCertificate,
  type Identity,
  nobody,
  rightTwin,
  wrong,
} from "../../../harness/credentials.ts";
import {
  type Controller,
  certificatesOfOtherCas,
  claim,
  invariant,
  kubernetes,
  type Lab,
  onEach,
  refused,
  serverNotTrusted,
  slide,
  together,
  trustsOnly,
  unauthorized,
  works,
  wrongCertificates,
} from "../../../harness/index.ts";
import { endpointOf, type Node } from "../../../harness/nodes.ts";
import type { UserInfo } from "../../../harness/probes.ts";

const x509 = kubernetes(
  "Authenticating, X.509 client certificates",
  "reference/access-authn-authz/authentication/#x509-client-certificates",
);

/** kubeadm's kubeconfigs on a control plane, and the user and groups that each is documented to bear. */
function documentedUsers(lab: Lab, node: Node): [file: string, user: UserInfo][] {
  const user = (username: string, ...groups: string[]): UserInfo => ({
    username,
    groups: [...groups, "system:authenticated"].sort(),
  });
  const components: [string, UserInfo][] = [
    ["controller-manager.conf", user("system:kube-controller-manager")],
    ["scheduler.conf", user("system:kube-scheduler")],
    ["kubelet.conf", user(`system:node:${node.name}`, "system:nodes")],
  ];
  if (!lab.cluster.version.atLeast("1.29")) {
    return [...components, ["admin.conf", user("kubernetes-admin", "system:masters")]];
  }
  const administrators: [string, UserInfo][] = [
    ["admin.conf", user("kubernetes-admin", "kubeadm:cluster-admins")],
  ];
  // kubeadm writes super-admin.conf where it ran `init`, and nowhere else.
  if (node.name === lab.node.name)
    administrators.push(["super-admin.conf", user("kubernetes-super-admin", "system:masters")]);
  return [...components, ...administrators];
}

claim(
  "api-clients/subject-is-identity",
  {
    says: "The API server takes a certificate's CN for the user and its O for the groups, in kubeadm's kubeconfigs too",
    documented: x509,
    touches: "nothing",
  },
  async (lab) => {
    const ca = await lab.credentials.authority("ca");
    const jean = byCertificate(
      await ca.issue({ cn: "jean.doe", organizations: ["foo", "bar"], usages: ["client"] }),
    );
    const rogue = await wrong.rogueCa(jean, ca);
    return onEach(lab.apiServers, async (apiServer) => {
      const is = (name: string, as: Identity, { username, groups }: UserInfo) =>
        works(name, () => apiServer.whoAmI(as), {
          shows: `the user ${username}, in ${groups.join(", ")}`,
          where: (user) => user.username === username && user.groups.join() === groups.join(),
        });
      const kubeconfigs = await Promise.all(
        documentedUsers(lab, apiServer.node).map(async ([file, user]) =>
          is(`the holder of ${file} calls`, await lab.credentials.kubeconfig(file, apiServer.node), user),
        ),
      );
      return {
        works: [
          is("jean.doe with two groups calls", jean, {
            username: "jean.doe",
            groups: ["bar", "foo", "system:authenticated"],
          }),
          ...kubeconfigs,
        ],
        refused: [
          refused(
            "jean.doe with a certificate of a rogue CA calls",
            () => apiServer.whoAmI(rogue),
            unauthorized(),
          ),
        ],
      };
    });
  },
);

const fingerprint = (pem: string) => describeCertificate(pem).fingerprint;

claim(
  "api-clients/cluster-ca-alone",
  {
    says: "The file of --client-ca-file holds only the cluster's CA; a certificate of another CA authenticates nobody",
    documented: x509,
    touches: "nothing",
  },
  async (lab) => {
    // The certificate with the most rights: what is wrong with a twin of it is all that keeps the twin out.
    const [administrator, ca] = await Promise.all([lab.administrator(), lab.credentials.authority("ca")]);
    const [fresh, ofOtherCas] = await Promise.all([
      rightTwin(administrator, ca),
      certificatesOfOtherCas(lab, administrator),
    ]);
    const clients = [...lab.schedulers, ...lab.controllerManagers, ...lab.kubelets];
    const identities = await Promise.all(clients.map((client) => client.identity()));
    const judges = identities.flatMap(({ certificate }) => certificate?.certPem ?? []);
    return onEach(lab.apiServers, (apiServer) => {
      const listNodes = (as: Identity) => apiServer.call(as, ({ core }) => core.listNode());
      return {
        works: [works("a fresh certificate of the cluster's CA lists nodes", () => listNodes(fresh))],
        observed: [
          trustsOnly(lab, apiServer, {
            name: "every CA in the file of --client-ca-file",
            argument: "client-ca-file",
            authority: "ca",
            judges,
          }),
        ],
        refused: ofOtherCas("lists nodes", listNodes, unauthorized()),
      };
    });
  },
);

claim(
  "api-clients/validity-checked",
  {
    says: "The API server refuses a client certificate that is expired, not yet valid, or for servers only",
    documented: x509,
    touches: "nothing",
  },
  async (lab) => {
    const [admin, ca] = await Promise.all([
      lab.credentials.kubeconfig("admin.conf"),
      lab.credentials.authority("ca"),
    ]);
    const valid = await rightTwin(admin, ca);
    return onEach(lab.apiServers, async (apiServer) => {
      const listNodes = (as: Identity) => apiServer.call(as, ({ core }) => core.listNode());
      return {
        works: [works("a client shows a valid certificate", () => listNodes(valid))],
        refused: await wrongCertificates(admin, ca, listNodes, {
          outsideValidity: unauthorized(),
          wrongUsage: unauthorized(),
        }),
      };
    });
  },
);

claim(
  "api-clients/server-verified",
  {
    says: "The kubeconfigs of scheduler and controller manager verify the API server by CA, and reject another server or name",
    documented: slide("API server clients"),
    touches: "nothing",
  },
  async (lab) => {
    const serving = await onEach(lab.apiServers, async (apiServer) => {
      const named = await apiServer.namedCertificate("tls-cert-file", "tls-private-key-file");
      return {
        works: [
          works("the API server serves a certificate", () => apiServer.servedCertificate(), {
            shows: "the certificate that --tls-cert-file names",
            where: (pem) => fingerprint(pem) === fingerprint(named.certificate.certPem),
          }),
        ],
      };
    });
    const verifying = (components: readonly Controller[]) =>
      onEach(components, async (component) => {
        const { command, node } = component;
        const { server, caPem, identity } = await component.kubeconfig();
        const apiServer = lab.apiServerOn(node);
        // A missing CA stays missing here: the component would take any server for the API server.
        const trust = caPem === undefined ? {} : { trust: caPem };
        const rogue = await Authority.lookalike(caPem ?? (await lab.credentials.pem("ca.crt")));
        const meets = (judge: { trust?: string; serverName?: string }) => () =>
          apiServer.get(nobody, "/version", { ...endpointOf(server), ...trust, ...judge });
        return {
          works: [
            works(
              `${command} lists nodes with its own kubeconfig`,
              () => apiServer.get(identity, "/api/v1/nodes", { ...endpointOf(server), ...trust }),
              { status: 200 },
            ),
          ],
          refused: [
            refused(
              `${command} meets a server of another CA, etcd`,
              () => lab.etcdOn(node).servedCertificate("client", trust),
              serverNotTrusted(),
            ),
            refused(
              `${command} meets the API server under a name that its certificate lacks`,
              meets({ serverName: "planeproof.invalid" }),
              serverNotTrusted(/does not match certificate's altnames/),
            ),
            invariant(
              refused(
                `a client with ${command}'s kubeconfig and a rogue CA of the same name meets the API server`,
                meets({ trust: rogue.certPem }),
                serverNotTrusted(),
              ),
              "the CA was made a moment before: no server has a certificate of it",
            ),
          ],
        };
      });
    const components = together(verifying(lab.schedulers), verifying(lab.controllerManagers));
    return together(serving, components);
  },
);
