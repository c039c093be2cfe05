import { idlePod, kubeProxyDaemonSet } from "../../harness/fixtures.ts";
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
    breaks: ["kube-proxy/own-account"],
    live: shareAccount,
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

async function banishKubeProxy(lab: Lab): Promise<Undo> {
  const { node, cluster } = lab;
  const admin = await lab.admin();
  const { metadata } = await kubeProxyDaemonSet(cluster);
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
