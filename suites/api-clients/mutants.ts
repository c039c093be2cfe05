import { wrong } from "../../harness/credentials.ts";
import { type Lab, mutant } from "../../harness/index.ts";
import { argumentOf, readFile, writeFile } from "../../harness/nodes.ts";
import { accessReview, type Review, until } from "../../harness/probes.ts";
import { EVERYTHING, editKubeconfig, grant, type Undo } from "../../harness/sabotage.ts";

/** What is broken where the API server serves every authenticated caller. */
const RIGHTS = [
  "general/authorized-in-three-ways",
  "api-clients/rbac-decides",
  "api-clients/admin-is-bound",
  "kubelet-identity/name-and-group",
  "kubelet-identity/nothing-special",
  "node-isolation/secrets-of-own-pods",
  "node-isolation/reads-of-own-node",
  "node-isolation/tokens-of-own-pods",
  "scheduler/ordinary-client",
  "scheduler/binds-pods",
  "scheduler/no-more-than-it-needs",
  "controller-manager/ordinary-client",
  "controller-manager/controllers-are-service-accounts",
  "controller-manager/no-more-than-it-needs",
];

export default [
  mutant({
    id: "etcd-ca-among-clients",
    does: "appends etcd's CA to the file of the API server's `--client-ca-file`",
    breaks: ["api-clients/cluster-ca-alone"],
    live: trustEtcdCa,
  }),
  mutant({
    id: "admin-unbound",
    does: "deletes the ClusterRoleBinding `kubeadm:cluster-admins`",
    breaks: ["api-clients/validity-checked"],
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
    id: "scheduler-trusts-any-server",
    does: "makes scheduler.conf skip the verification of the API server's certificate",
    breaks: ["api-clients/server-verified", "api-clients/kubeconfigs"],
    live: ({ node }) =>
      editKubeconfig(node, "scheduler.conf", (text) =>
        text.replace(/certificate-authority-data: .*/, "insecure-skip-tls-verify: true"),
      ),
  }),
  mutant({
    id: "kubelet-certificate-frozen",
    does: "embeds a certificate in kubelet.conf, where no rotation reaches it",
    breaks: ["api-clients/kubeconfigs"],
    live: embedKubeletCertificate,
  }),
];

/** The API server reads its client CAs again when their file changes (dynamic_cafile_content.go). */
async function trustEtcdCa(lab: Lab): Promise<Undo> {
  const { node, credentials } = lab;
  const path = await argumentOf(node, "kube-apiserver", "client-ca-file");
  if (!path) throw new Error("the API server has no --client-ca-file");
  const [etcdCa, administrator] = await Promise.all([credentials.authority("etcd/ca"), lab.administrator()]);
  const api = lab.api(await wrong.otherCa(administrator, etcdCa));
  const before = await readFile(node, path);
  const noticed = (kind: "accepted" | "refused") =>
    until(
      "the API server to notice its client CAs",
      async () => (await api.call(({ core }) => core.listNode())).outcome.kind === kind,
      { timeoutMs: 90_000 },
    );
  await writeFile(node, path, `${before.trimEnd()}\n${etcdCa.certPem}\n`);
  await noticed("accepted");
  return async () => {
    await writeFile(node, path, before);
    await noticed("refused");
  };
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
