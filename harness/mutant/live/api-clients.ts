import { byCertificate } from "../../identity/index.ts";
import type { Lab } from "../../lab/lab.ts";
import { readFile, writeFile } from "../../node/files.ts";
import { flag, processOf } from "../../node/processes.ts";
import { wrong } from "../../pki/index.ts";
import { accessReview, type Review } from "../../probe/reviews.ts";
import { until } from "../../support/until.ts";
import type { LiveMutant } from "../mutant.ts";
import { EVERYTHING, editFile, editManifest, grant } from "../sabotage.ts";

const CONFIGS = "/etc/kubernetes";

/** Sabotages of those who call the API server: their credentials, their rights, what they trust. */
export const apiClientMutants: LiveMutant[] = [
  {
    id: "etcd-ca-among-clients",
    does: "appends etcd's CA to the file of the API server's --client-ca-file",
    breaks: ["api-clients/cluster-ca-alone"],
    apply: trustEtcdCa,
  },
  {
    id: "admin-unbound",
    does: "deletes the ClusterRoleBinding kubeadm:cluster-admins",
    breaks: ["api-clients/validity-checked"],
    apply: unbindAdmin,
  },
  {
    id: "admins-bound-twice",
    does: "binds the group kubeadm:cluster-admins to every right once more",
    breaks: ["api-clients/admin-is-bound"],
    apply: (lab) => grant(lab, EVERYTHING, { kind: "Group", name: "kubeadm:cluster-admins" }),
  },
  {
    id: "authenticated-are-admins",
    does: "binds system:authenticated to every right",
    breaks: [
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
    ],
    apply: (lab) => grant(lab, EVERYTHING, { kind: "Group", name: "system:authenticated" }),
  },
  {
    id: "scheduler-trusts-any-server",
    does: "scheduler.conf skips the verification of the API server's certificate",
    breaks: ["api-clients/server-verified", "api-clients/kubeconfigs"],
    apply: ({ node }) =>
      rewriteFile(node, "scheduler.conf", (text) =>
        text.replace(/certificate-authority-data: .*/, "insecure-skip-tls-verify: true"),
      ),
  },
  {
    id: "kubelet-certificate-frozen",
    does: "embeds a certificate in kubelet.conf, which then never rotates",
    breaks: ["api-clients/kubeconfigs"],
    apply: freezeKubelet,
  },
  {
    id: "admin-in-scheduler-conf",
    does: "replaces scheduler.conf by admin.conf",
    breaks: [
      "scheduler/certificate-name",
      "scheduler/no-more-than-it-needs",
      "api-clients/subject-is-identity",
    ],
    apply: ({ node }) => replaceByAdmin(node, "scheduler.conf"),
  },
  {
    id: "scheduler-is-admin",
    does: "binds system:kube-scheduler to every right",
    breaks: ["scheduler/no-more-than-it-needs"],
    apply: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "system:kube-scheduler" }),
  },
  {
    id: "admin-in-controller-manager-conf",
    does: "replaces controller-manager.conf by admin.conf",
    breaks: [
      "controller-manager/certificate-name",
      "controller-manager/controllers-are-service-accounts",
      "controller-manager/no-more-than-it-needs",
      "scheduler/binds-pods",
      "api-clients/subject-is-identity",
    ],
    apply: ({ node }) => replaceByAdmin(node, "controller-manager.conf"),
  },
  {
    id: "controllers-under-one-name",
    does: "--use-service-account-credentials=false, and every right to system:kube-controller-manager",
    breaks: [
      "controller-manager/controllers-are-service-accounts",
      "controller-manager/no-more-than-it-needs",
    ],
    apply: oneNameForControllers,
  },
  {
    id: "admin-in-kubelet-conf",
    does: "replaces kubelet.conf by admin.conf",
    breaks: ["kubelet-identity/node-name", "kubelet-identity/pods-start-and-stop"],
    apply: ({ node }) => replaceByAdmin(node, "kubelet.conf"),
  },
  {
    id: "nodes-by-rbac",
    does: "binds the group system:nodes to the ClusterRole system:node, as before the Node authorizer",
    breaks: [
      "kubelet-identity/name-and-group",
      "node-isolation/secrets-of-own-pods",
      "node-isolation/reads-of-own-node",
      "node-isolation/tokens-of-own-pods",
    ],
    apply: bindNodes,
  },
  {
    id: "kubelet-frozen",
    does: "stops the kubelet's process (SIGSTOP): it holds its connections and answers to nothing",
    breaks: ["kubelet-identity/connection-kept", "kubelet-identity/pods-start-and-stop"],
    apply: freezeProcess,
  },
];

type Undo = () => Promise<void>;
type Node = Lab["node"];

/**
 * Rewrites a kubeconfig. Nothing is restarted: the live component keeps the credential that it started with, and the
 * claims read the file as its next start would.
 */
function rewriteFile(node: Node, file: string, edit: (text: string) => string): Promise<Undo> {
  return editFile(node, `${CONFIGS}/${file}`, edit, async () => {});
}

async function replaceByAdmin(node: Node, file: string): Promise<Undo> {
  const admin = await readFile(node, `${CONFIGS}/admin.conf`);
  return rewriteFile(node, file, () => admin);
}

async function freezeKubelet({ node }: Lab): Promise<Undo> {
  const pem = await readFile(node, "/var/lib/kubelet/pki/kubelet-client-current.pem");
  const data = Buffer.from(pem).toString("base64");
  return rewriteFile(node, "kubelet.conf", (text) =>
    text
      .replace(/client-certificate: .*/, `client-certificate-data: ${data}`)
      .replace(/client-key: .*/, `client-key-data: ${data}`),
  );
}

/** The API server reads its client CAs anew when their file changes (dynamic_cafile_content.go). */
async function trustEtcdCa(lab: Lab): Promise<Undo> {
  const { node, credentials } = lab;
  const apiServer = await processOf(node, "kube-apiserver");
  const path = apiServer && flag(apiServer, "client-ca-file");
  if (!path) throw new Error("the API server has no --client-ca-file");
  const [etcdCa, administrator] = await Promise.all([credentials.authority("etcd/ca"), lab.administrator()]);
  const intruder = await wrong.otherCa(administrator.certificate?.certPem ?? "", etcdCa);
  const api = lab.api(byCertificate(intruder));
  const before = await readFile(node, path);
  const noticed = (kind: "accepted" | "refused") => () =>
    until(
      "the API server to notice its client CAs",
      async () => (await api.call(({ core }) => core.listNode())).outcome.kind === kind,
      { timeoutMs: 90_000 },
    );
  await writeFile(node, path, `${before.trimEnd()}\n${etcdCa.certPem}\n`);
  await noticed("accepted")();
  return async () => {
    await writeFile(node, path, before);
    await noticed("refused")();
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

async function bindNodes(lab: Lab): Promise<Undo> {
  const { rules = [] } = await (await lab.admin()).clients.rbac.readClusterRole({ name: "system:node" });
  return grant(lab, rules, { kind: "Group", name: "system:nodes" });
}

/** The new controller manager works only after it has won the leader's Lease: its predecessor does not give it up. */
async function oneNameForControllers(lab: Lab): Promise<Undo> {
  const { coordination } = (await lab.admin()).clients;
  const leader = async () =>
    (await coordination.readNamespacedLease({ name: "kube-controller-manager", namespace: "kube-system" }))
      .spec?.holderIdentity;
  const anotherThan = (old: string | undefined) =>
    until("another leading controller manager", async () => (await leader()) !== old, { timeoutMs: 90_000 });
  const first = await leader();
  const undoGrant = await grant(lab, EVERYTHING, { kind: "User", name: "system:kube-controller-manager" });
  const undoManifest = await editManifest(lab, "kube-controller-manager", (manifest) =>
    manifest.replace("--use-service-account-credentials=true", "--use-service-account-credentials=false"),
  );
  await anotherThan(first);
  return async () => {
    const second = await leader();
    await undoManifest();
    await anotherThan(second);
    await undoGrant();
  };
}

async function freezeProcess(lab: Lab): Promise<Undo> {
  const { node } = lab;
  const kubelet = await processOf(node, "kubelet");
  if (!kubelet) throw new Error(`no kubelet runs on ${node.name}`);
  await node.run(["kill", "-STOP", String(kubelet.pid)]);
  return async () => {
    await node.run(["kill", "-CONT", String(kubelet.pid)]);
    const { core } = (await lab.admin()).clients;
    await until("the kubelet to report again", async () => {
      const { status } = await core.readNode({ name: node.name });
      return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
    });
  };
}
