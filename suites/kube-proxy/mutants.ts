import { idlePod, kubeProxyDaemonSet, serviceAccount } from "../../harness/fixtures.ts";
import { type Lab, mutant } from "../../harness/index.ts";
import { processOf } from "../../harness/nodes.ts";
import { mergePatch, until } from "../../harness/probes.ts";
import { EVERYTHING, grant, type Undo } from "../../harness/sabotage.ts";

const account = { kind: "ServiceAccount", name: "kube-proxy", namespace: "kube-system" } as const;

export default [
  mutant({
    id: "kube-proxy-is-admin",
    does: "binds kube-proxy's service account to every right",
    breaks: ["kube-proxy/least-rights"],
    live: (lab) => grant(lab, EVERYTHING, account),
  }),
  mutant({
    id: "everyone-lists-nodes",
    does: "lets every service account list nodes",
    breaks: ["kube-proxy/own-account"],
    live: (lab) =>
      grant(lab, [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }], {
        kind: "Group",
        name: "system:serviceaccounts",
      }),
  }),
  mutant({
    id: "kube-proxy-account-shared",
    does: "runs another pod under kube-proxy's service account",
    breaks: ["kube-proxy/own-account: the pods that use its service account"],
    live: shareAccount,
  }),
  mutant({
    id: "kube-proxy-under-another-account",
    does: "writes another service account's token, with the same rights, into kube-proxy's kubeconfig",
    breaks: [
      "kube-proxy/own-account: kube-proxy asks who it is, by the token of its kubeconfig",
      "kube-proxy/reads-as-its-account: kube-proxy, whose connections were cut, watches EndpointSlices again",
    ],
    live: lendAccount,
  }),
  mutant({
    id: "everyone-reads-endpointslices",
    does: "lets every service account list EndpointSlices",
    breaks: ["kube-proxy/reads-as-its-account"],
    live: (lab) =>
      grant(lab, [{ apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list"] }], {
        kind: "Group",
        name: "system:serviceaccounts",
      }),
  }),
  mutant({
    id: "kube-proxy-gone",
    does: "makes kube-proxy's DaemonSet select a node that does not exist: rules stay, those of new Services never come",
    breaks: ["kube-proxy/programs-rules"],
    live: banishKubeProxy,
  }),
];

/** A pod that is never started will do: who may use an account is decided when a pod is made. */
async function shareAccount(lab: Lab): Promise<Undo> {
  await idlePod(lab, { namespace: account.namespace, serviceAccount: account.name, scheduler: "nobody" });
  return () => lab.close();
}

const PROXIER = [
  { apiGroups: [""], resources: ["services", "nodes"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update"] },
  { apiGroups: ["networking.k8s.io"], resources: ["servicecidrs"], verbs: ["list", "watch"] },
];

async function lendAccount(lab: Lab): Promise<Undo> {
  const { core } = (await lab.admin()).clients;
  const map = { name: "kube-proxy", namespace: account.namespace };
  const { token = "" } = (await serviceAccount(lab, { may: PROXIER })).identity;
  const { data = {} } = await core.readNamespacedConfigMap(map);
  const file = "kubeconfig.conf";
  const before = data[file] ?? "";
  const write = async (text: string) => {
    await mergePatch(await lab.admin(), `/api/v1/namespaces/${map.namespace}/configmaps/${map.name}`, {
      data: { [file]: text },
    });
    await restartKubeProxy(lab);
  };
  await write(before.replace(/tokenFile: \S+/, `token: ${token}`));
  return async () => {
    await write(before);
    await lab.close();
  };
}

/** Deletes kube-proxy's pods, which read their files as they start, and waits for those that follow. */
async function restartKubeProxy(lab: Lab): Promise<void> {
  const { core } = (await lab.admin()).clients;
  const { nodes } = lab.cluster;
  const pids = () => Promise.all(nodes.map(async (node) => (await processOf(node, "kube-proxy"))?.pid));
  const before = await pids();
  await core.deleteCollectionNamespacedPod({
    namespace: account.namespace,
    labelSelector: "k8s-app=kube-proxy",
    gracePeriodSeconds: 1,
  });
  await until(
    "new kube-proxies",
    async () => (await pids()).every((pid, at) => pid !== undefined && pid !== before[at]),
    { timeoutMs: 90_000, everyMs: 500 },
  );
}

async function banishKubeProxy(lab: Lab): Promise<Undo> {
  const { node } = lab;
  const admin = await lab.admin();
  const { metadata } = await kubeProxyDaemonSet(lab);
  const path = `/apis/apps/v1/namespaces/${metadata?.namespace}/daemonsets/${metadata?.name}`;
  const select = (nodeSelector: Record<string, string | null>) =>
    mergePatch(admin, path, { spec: { template: { spec: { nodeSelector } } } });
  const runs = (expected: boolean) =>
    until(
      `kube-proxy to be ${expected ? "there" : "gone"}`,
      async () => ((await processOf(node, "kube-proxy")) !== undefined) === expected,
      { timeoutMs: 90_000, everyMs: 500 },
    );
  await select({ "planeproof.invalid/nowhere": "true" });
  await runs(false);
  return async () => {
    await select({ "planeproof.invalid/nowhere": null });
    await runs(true);
  };
}
