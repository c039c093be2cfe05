import { idlePod } from "../../lab/bound-pod.ts";
import { kubeProxyDaemonSet } from "../../lab/kube-proxy.ts";
import type { Lab } from "../../lab/lab.ts";
import type { Subject } from "../../lab/service-account.ts";
import { processOf } from "../../node/processes.ts";
import { mergePatch } from "../../probe/merge-patch.ts";
import { until } from "../../support/until.ts";
import type { LiveMutant } from "../mutant.ts";
import { EVERYTHING, grant } from "../sabotage.ts";

type Undo = () => Promise<void>;

const everyAccount: Subject = { kind: "Group", name: "system:serviceaccounts" };
const kubeProxy = { kind: "ServiceAccount", name: "kube-proxy", namespace: "kube-system" } as const;

/** Sabotages of what may be asked of the API server: certificates, tokens, reviews, and what kube-proxy asks for. */
export const requestMutants: LiveMutant[] = [
  {
    id: "anybody-approves-requests",
    does: "lets every service account approve certificate requests, for every signer",
    breaks: ["csr-signing/approval-needed"],
    apply: (lab) =>
      grant(
        lab,
        [
          {
            apiGroups: ["certificates.k8s.io"],
            resources: ["certificatesigningrequests/approval"],
            verbs: ["update"],
          },
          { apiGroups: ["certificates.k8s.io"], resources: ["signers"], verbs: ["approve"] },
        ],
        everyAccount,
      ),
  },
  {
    id: "anybody-requests-tokens",
    does: "lets every service account request tokens of every service account",
    breaks: ["sa-issuance/request-limits", "sa-issuance/no-token-by-itself"],
    apply: (lab) =>
      grant(
        lab,
        [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }],
        everyAccount,
      ),
  },
  {
    id: "anybody-reads-token-keys",
    does: "lets anonymous users read the service account key set",
    breaks: ["sa-verification/published-key"],
    apply: (lab) =>
      grant(lab, [{ nonResourceURLs: ["/openid/*"], verbs: ["get"] }], {
        kind: "Group",
        name: "system:unauthenticated",
      }),
  },
  {
    id: "anybody-asks-for-reviews",
    does: "lets every authenticated user create SubjectAccessReviews",
    breaks: ["access-review/answers-who-may-ask", "access-review/kubelet-asks"],
    apply: (lab) =>
      grant(
        lab,
        [{ apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] }],
        { kind: "Group", name: "system:authenticated" },
      ),
  },
  {
    id: "jean-doe-reads-pods",
    does: "binds the user jean.doe to reading pods everywhere",
    breaks: [
      "access-review/answers-who-may-ask",
      "access-review/group-decides",
      "access-review/v1beta1",
      "access-review/groups-field",
      "access-review/kubelet-asks",
    ],
    apply: (lab) =>
      grant(lab, [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }], {
        kind: "User",
        name: "jean.doe",
      }),
  },
  {
    id: "kube-proxy-is-admin",
    does: "binds kube-proxy's service account to every right",
    breaks: ["kube-proxy/least-rights"],
    apply: (lab) => grant(lab, EVERYTHING, kubeProxy),
  },
  {
    id: "everyone-lists-nodes",
    does: "lets every service account list nodes",
    breaks: ["kube-proxy/own-account"],
    apply: (lab) => grant(lab, [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }], everyAccount),
  },
  {
    id: "kube-proxy-account-shared",
    does: "runs another pod under kube-proxy's service account",
    breaks: ["kube-proxy/own-account"],
    apply: shareAccount,
  },
  {
    id: "kube-proxy-gone",
    does: "sends kube-proxy's DaemonSet to a node that does not exist",
    breaks: ["kube-proxy/programs-rules"],
    apply: banishKubeProxy,
  },
];

/** A pod that is never started will do: who may use an account is decided when a pod is made. */
async function shareAccount(lab: Lab): Promise<Undo> {
  await idlePod(lab, { namespace: kubeProxy.namespace, serviceAccount: kubeProxy.name, scheduler: "nobody" });
  return () => lab.close();
}

async function banishKubeProxy(lab: Lab): Promise<Undo> {
  const { node, cluster } = lab;
  const admin = await lab.admin();
  const { metadata } = await kubeProxyDaemonSet(cluster);
  const path = `/apis/apps/v1/namespaces/${metadata?.namespace}/daemonsets/${metadata?.name}`;
  const nowhere = { "planeproof.invalid/nowhere": "true" };
  const select = (nodeSelector: Record<string, string | null>) =>
    mergePatch(admin, path, { spec: { template: { spec: { nodeSelector } } } });
  const runs = (expected: boolean) =>
    until(
      `kube-proxy to be ${expected ? "there" : "gone"}`,
      async () => ((await processOf(node, "kube-proxy")) !== undefined) === expected,
      { timeoutMs: 90_000, everyMs: 500 },
    );
  await select(nowhere);
  await runs(false);
  return async () => {
    await select({ "planeproof.invalid/nowhere": null });
    await runs(true);
  };
}
