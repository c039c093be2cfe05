import { parse, stringify } from "yaml";
import type { Lab } from "../lab/lab.ts";
import { allow, type Rights, type Subject } from "../lab/service-account.ts";
import { readFile, writeFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { processOf } from "../node/processes.ts";
import { tcp } from "../probe/http.ts";
import { fromNode } from "../probe/vantage.ts";
import type { Undo } from "../support/undo.ts";
import { until } from "../support/until.ts";

/** Every right on every resource: what no component and no anonymous user should have. */
export const EVERYTHING: Rights = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  { nonResourceURLs: ["*"], verbs: ["*"] },
];

/** Gives a subject rights in the whole cluster, and waits until the authorizer knows of it. */
export async function grant(lab: Lab, rules: Rights, subject: Subject): Promise<Undo> {
  await allow(lab, rules, subject);
  return () => lab.close();
}

/** Rewrites a file of a node, and restarts what reads it. */
export async function editFile(
  node: Node,
  path: string,
  edit: (text: string) => string,
  restart: () => Promise<void>,
): Promise<Undo> {
  const before = await readFile(node, path);
  const after = edit(before);
  if (after === before) throw new Error(`the sabotage changes nothing in ${path}`);
  await writeFile(node, path, after);
  await restart();
  return async () => {
    await writeFile(node, path, before);
    await restart();
  };
}

/**
 * Rewrites a kubeconfig that kubeadm wrote, as "scheduler.conf". Nothing is restarted: the live component keeps the
 * credential that it started with, and the claims read the file as its next start would.
 */
export function editKubeconfig(node: Node, file: string, edit: (text: string) => string): Promise<Undo> {
  return editFile(node, `/etc/kubernetes/${file}`, edit, async () => {});
}

/** Gives a component the administrator's credential: admin.conf takes the place of its kubeconfig. */
export async function replaceByAdminConf(node: Node, file: string): Promise<Undo> {
  const admin = await readFile(node, "/etc/kubernetes/admin.conf");
  return editKubeconfig(node, file, () => admin);
}

/** The kubelet's configuration, as far as sabotages name it (kubelet.config.k8s.io/v1beta1). */
interface KubeletConfiguration {
  authentication: { anonymous: object; webhook: object; x509: object };
  authorization: object;
  [setting: string]: unknown;
}

/** Changes the configuration with which the kubelet of the control plane was started, and restarts it. */
export function editKubeletConfig(lab: Lab, change: (config: KubeletConfiguration) => void): Promise<Undo> {
  const edit = (text: string) => {
    const config = parse(text) as KubeletConfiguration;
    change(config);
    return stringify(config);
  };
  return editFile(lab.node, "/var/lib/kubelet/config.yaml", edit, () => restartKubelet(lab));
}

/** Restarts the kubelet of the control plane, and waits until it answers again: its health may be closed, its API is not. */
export async function restartKubelet(lab: Lab): Promise<void> {
  const kubelet = await lab.kubeletOn(lab.node).endpoint();
  await lab.node.run(["systemctl", "restart", "kubelet"]);
  await until("the kubelet's port to be open", async () => {
    return (await tcp(fromNode(lab.node), kubelet)).outcome.kind === "accepted";
  });
}

/** Restarts a static pod's component by ending its process; its kubelet starts it again. */
export async function restartComponent(node: Node, command: string): Promise<void> {
  const before = await processOf(node, command);
  // An API server that is asked to leave waits 60 s for its watchers.
  const signal = command === "kube-apiserver" ? "-KILL" : "-TERM";
  if (before) await node.run(["kill", signal, String(before.pid)]);
  await until(
    `a new ${command} on ${node.name}`,
    async () => {
      const now = await processOf(node, command);
      return now !== undefined && now.pid !== before?.pid;
    },
    { timeoutMs: 60_000 },
  );
}

/** Rewrites a static pod's manifest on the control plane; its kubelet starts the component again. */
export async function editManifest(
  lab: Lab,
  command: string,
  edit: (manifest: string) => string,
): Promise<Undo> {
  const { node } = lab;
  let old = await processOf(node, command);
  return editFile(node, `/etc/kubernetes/manifests/${command}.yaml`, edit, async () => {
    old = await until(
      `${command} of the new manifest on ${node.name}`,
      async () => {
        const now = await processOf(node, command);
        if (now?.pid !== old?.pid) return now;
        if (now && command === "kube-apiserver" && !(await isReady(lab))) await endNow(node, now);
        return undefined;
      },
      { timeoutMs: 90_000, everyMs: 500 },
    );
    await apiServerReady(lab);
  });
}

/** Starts the scheduler or the controller manager with admin.conf mounted where its own kubeconfig is expected. */
export function runAsAdmin(lab: Lab, command: "kube-scheduler" | "kube-controller-manager"): Promise<Undo> {
  const file = `/etc/kubernetes/${command.replace("kube-", "")}.conf`;
  return editManifest(lab, command, (manifest) =>
    manifest.replace(`path: ${file}`, "path: /etc/kubernetes/admin.conf"),
  );
}

/** Starts a static pod's component with one more argument. */
export function addArgument(lab: Lab, command: string, argument: string): Promise<Undo> {
  return editManifest(lab, command, (manifest) =>
    manifest.replace(new RegExp(`^( *)- ${command}$`, "m"), `$&\n$1- ${argument}`),
  );
}

async function isReady(lab: Lab): Promise<boolean> {
  const { outcome } = await (await lab.admin()).request({ path: "/readyz" });
  return outcome.kind === "accepted";
}

/** An API server that was asked to end is not ready any more, and waits 60 s for its watchers all the same. */
async function endNow(node: Node, { pid }: { pid: number }): Promise<void> {
  await node.run(["kill", "-KILL", String(pid)]).catch(() => {}); // it may just have ended
}

/** Waits until the API server answers for good, and those that lost their lead while it did not lead again. */
export async function apiServerReady(lab: Lab): Promise<void> {
  const admin = await lab.admin();
  await until("the API server to be ready", () => isReady(lab), { timeoutMs: 60_000 });
  const since = Date.now();
  const leads = async (name: string) => {
    const lease = await admin.clients.coordination.readNamespacedLease({ name, namespace: "kube-system" });
    return new Date(lease.spec?.renewTime ?? 0).getTime() > since;
  };
  const leaders = ["kube-controller-manager", "kube-scheduler"];
  await until(
    `${leaders.join(" and ")} to lead`,
    async () => {
      const alive = await Promise.all(leaders.map((name) => processOf(lab.node, name)));
      // A component that loses the lead ends, and the kubelet waits longer before each new start, up to minutes; a new
      // kubelet does not.
      if (alive.includes(undefined)) await restartKubelet(lab);
      return (await Promise.all(leaders.map(leads))).every(Boolean);
    },
    { timeoutMs: 120_000, everyMs: 4_000 },
  );
}
