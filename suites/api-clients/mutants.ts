import { wrong } from "../../harness/credentials.ts";
import { type Exchange, type Lab, mutant } from "../../harness/index.ts";
import { argumentOf, readFile, writeFile } from "../../harness/nodes.ts";
import { accessReview, type Review, until } from "../../harness/probes.ts";
import { EVERYTHING, editKubeconfig, editManifest, grant, type Undo } from "../../harness/sabotage.ts";

/** What is broken where the API server serves every authenticated caller. */
const RIGHTS = [
  "general/authorized-in-three-ways: the stranger lists Secrets",
  "general/authorized-in-three-ways: the stranger reads the kubelet's pods",
  "general/authorizers-accounted",
  "general/bindings-of-many: a service account without rights lists pods",
  "api-clients/rbac-decides: a user outside the group lists nodes",
  "api-clients/rbac-decides: the member of the group lists Secrets",
  "api-clients/admin-is-bound",
  "kubelet-identity/name-and-group",
  "kubelet-identity/nothing-special: a client that may patch nodes reads the Node",
  "node-isolation/secrets-of-own-pods",
  "node-isolation/reads-of-own-node",
  "node-isolation/tokens-of-own-pods: the kubelet requests a token of an account that no pod of its node uses",
  "node-isolation/tokens-of-own-pods: the kubelet requests a token for an audience that the pod does not name",
  "scheduler/ordinary-client",
  "api-to-kubelet/streams-arrive",
  "scheduler/binds-pods",
  "scheduler/no-more-than-it-needs",
  "controller-manager/ordinary-client",
  "controller-manager/controllers-are-service-accounts",
  "controller-manager/no-more-than-it-needs",
];

export default [
  mutant({
    id: "other-cas-among-clients",
    does: "appends the CAs of etcd and of the front proxy to the file of the API server's `--client-ca-file`",
    breaks: [
      "api-clients/cluster-ca-alone: a certificate of etcd's CA lists nodes",
      "api-clients/cluster-ca-alone: a certificate of the front proxy's CA lists nodes",
      "csr-signing/signing-files",
      "etcd-client/server-verified: a client verifies etcd by the cluster's CA",
      "etcd-peer/separate-sub-ca: a client verifies the member by the cluster's CA",
    ],
    live: trustOtherCas,
  }),
  mutant({
    id: "etcd-ca-among-front-proxies",
    does: "appends etcd's CA to the file of the API server's `--requestheader-client-ca-file`",
    breaks: ["api-clients/front-proxy-ca-alone"],
    live: trustEtcdCaAsFrontProxies,
  }),
  mutant({
    id: "clients-trust-etcd-ca",
    does: "appends etcd's CA to the CAs in three kubeconfigs: whoever has its key can pose as the API server",
    breaks: ["kube-scheduler", "kube-controller-manager", "kubelet"].map(
      (component) => `api-clients/no-other-server-ca: ${component} takes etcd for the API server`,
    ),
    live: trustEtcdCaAsClients,
  }),
  mutant({
    id: "admin-unbound",
    does: "deletes the ClusterRoleBinding `kubeadm:cluster-admins`",
    breaks: ["api-clients/validity-checked: a client shows a valid certificate"],
    live: unbindAdmin,
  }),
  mutant({
    id: "admins-bound-twice",
    does: "binds the group `kubeadm:cluster-admins` to every right a second time: revoking the binding revokes nothing",
    breaks: ["api-clients/admin-is-bound"],
    live: (lab) => grant(lab, EVERYTHING, { kind: "Group", name: "kubeadm:cluster-admins" }),
  }),
  mutant({
    id: "authenticated-are-admins",
    does: "binds `system:authenticated` to every right",
    breaks: RIGHTS,
    live: (lab) => grant(lab, EVERYTHING, { kind: "Group", name: "system:authenticated" }),
  }),
  mutant({
    id: "clients-unknown",
    does: "takes `--client-ca-file` from the API server, and lets anonymous callers do everything",
    breaks: [
      "api-clients/cluster-ca-alone",
      "api-clients/validity-checked",
      "api-clients/subject-is-identity",
      "api-clients/kubeconfigs",
      "scheduler/certificate-name",
      "controller-manager/certificate-name",
      "kubelet-identity/node-name",
      "kubelet-identity/connection-kept",
      "csr-signing/approved-is-issued",
    ],
    live: knowNobody,
  }),
  mutant({
    id: "authorization-off",
    does: "sets `--authorization-mode=AlwaysAllow` on the API server",
    breaks: RIGHTS,
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          authorization-mode: "AlwaysAllow"
    `,
  }),
  mutant({
    id: "components-trust-any-server",
    does: "makes scheduler.conf and controller-manager.conf skip the verification of the API server's certificate",
    breaks: [
      ...["kube-scheduler", "kube-controller-manager"].flatMap((component) => [
        `api-clients/server-verified: ${component} meets a server of another CA, etcd`,
        `api-clients/server-verified: ${component} meets the API server under a name that its certificate lacks`,
      ]),
      "api-clients/kubeconfigs: kube-scheduler calls with its kubeconfig",
    ],
    async live({ node }) {
      const trustAny = (file: string) =>
        editKubeconfig(node, file, (text) =>
          text.replace(/certificate-authority-data: .*/, "insecure-skip-tls-verify: true"),
        );
      const undos = [await trustAny("scheduler.conf"), await trustAny("controller-manager.conf")];
      return () => Promise.all(undos.map((undo) => undo()));
    },
  }),
  mutant({
    id: "kubelet-certificate-frozen",
    does: "embeds a certificate in kubelet.conf, where no rotation reaches it",
    breaks: ["api-clients/kubeconfigs: kubelet calls with its kubeconfig"],
    live: embedKubeletCertificate,
  }),
];

/** Without CAs of clients a certificate is not asked for; what its holder may then do is what everybody may. */
async function knowNobody(lab: Lab): Promise<Undo> {
  const undoGrant = await grant(lab, EVERYTHING, { kind: "Group", name: "system:unauthenticated" });
  const undoManifest = await editManifest(lab, "kube-apiserver", (manifest) =>
    manifest.replace(/^ *- --client-ca-file=.*\n/m, "").replace(/^ *- --requestheader-.*\n/gm, ""),
  );
  return async () => {
    await undoManifest();
    await undoGrant();
  };
}

/** The API server reads its client CAs again when their file changes (dynamic_cafile_content.go). */
async function trustOtherCas(lab: Lab): Promise<Undo> {
  const [etcdCa, frontProxyCa, administrator] = await Promise.all([
    lab.credentials.authority("etcd/ca"),
    lab.credentials.authority("front-proxy-ca"),
    lab.administrator(),
  ]);
  const api = lab.api(await wrong.otherCa(administrator, etcdCa));
  const cas = [etcdCa.certPem, frontProxyCa.certPem];
  return trustCas(lab, "client-ca-file", cas, () => api.call(({ core }) => core.listNode()));
}

async function trustEtcdCaAsFrontProxies(lab: Lab): Promise<Undo> {
  const [etcdCa, proxy] = await Promise.all([
    lab.credentials.authority("etcd/ca"),
    lab.credentials.certificate("front-proxy-client"),
  ]);
  const api = lab.api(await wrong.otherCa(proxy, etcdCa));
  const headers = { "X-Remote-User": "planeproof", "X-Remote-Group": "system:masters" };
  return trustCas(lab, "requestheader-client-ca-file", [etcdCa.certPem], () =>
    api.request({ path: "/api/v1/nodes", headers }),
  );
}

/** Appends CAs to a file of the API server's, and waits until a call that they let in is. */
async function trustCas(
  { node }: Lab,
  argument: string,
  cas: readonly string[],
  call: () => Promise<Exchange>,
): Promise<Undo> {
  const path = await argumentOf(node, "kube-apiserver", argument);
  if (!path) throw new Error(`the API server has no --${argument}`);
  const before = await readFile(node, path);
  const noticed = (kind: "accepted" | "refused") =>
    until("the API server to notice its CAs", async () => (await call()).outcome.kind === kind, {
      timeoutMs: 90_000,
    });
  await writeFile(node, path, `${[before.trimEnd(), ...cas].join("\n")}\n`);
  await noticed("accepted");
  return async () => {
    await writeFile(node, path, before);
    await noticed("refused");
  };
}

async function trustEtcdCaAsClients({ node, cluster }: Lab): Promise<Undo> {
  const etcdCa = await readFile(node, cluster.pki("etcd/ca.crt"));
  const trustIt = (file: string) =>
    editKubeconfig(node, file, (text) =>
      text.replace(/certificate-authority-data: (.*)/, (_, data: string) => {
        const both = `${Buffer.from(data, "base64").toString().trimEnd()}\n${etcdCa}`;
        return `certificate-authority-data: ${Buffer.from(both).toString("base64")}`;
      }),
    );
  const undos = await Promise.all(["scheduler.conf", "controller-manager.conf", "kubelet.conf"].map(trustIt));
  return () => Promise.all(undos.map((undo) => undo()));
}

async function unbindAdmin(lab: Lab): Promise<Undo> {
  const name = "kubeadm:cluster-admins";
  const admin = await lab.admin();
  const { rbac } = admin.clients;
  const { roleRef, subjects = [] } = await rbac.readClusterRoleBinding({ name });
  const allowed = (expected: boolean) =>
    until("the authorizer to notice", async () => {
      const { outcome } = await accessReview(admin, {
        user: "kubernetes-admin",
        groups: [name],
        resourceAttributes: { resource: "nodes", verb: "list" },
      });
      return outcome.kind === "accepted" && (outcome.data as Review).allowed === expected;
    });
  await rbac.deleteClusterRoleBinding({ name });
  await allowed(false);
  return async () => {
    await rbac.createClusterRoleBinding({ body: { metadata: { name }, roleRef, subjects } });
    await allowed(true);
  };
}

async function embedKubeletCertificate({ node }: Lab): Promise<Undo> {
  const pem = await readFile(node, "/var/lib/kubelet/pki/kubelet-client-current.pem");
  const data = Buffer.from(pem).toString("base64");
  return editKubeconfig(node, "kubelet.conf", (text) =>
    text
      .replace(/client-certificate: .*/, `client-certificate-data: ${data}`)
      .replace(/client-key: .*/, `client-key-data: ${data}`),
  );
}
