import { type Lab, mutant } from "../../harness/index.ts";
import { until } from "../../harness/probes.ts";
import { grant, type Undo } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "anybody-requests-tokens",
    does: "lets every service account request tokens of every service account",
    breaks: [
      "sa-issuance/request-limits: an account without that right requests a token for 600 s",
      "sa-issuance/no-token-by-itself",
    ],
    live: (lab) =>
      grant(lab, [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }], {
        kind: "Group",
        name: "system:serviceaccounts",
      }),
  }),
  mutant({
    id: "foreign-token-files",
    does: "makes the controller manager sign tokens with a key that nothing verifies, and publish etcd's CA as the root CA",
    breaks: [
      "sa-issuance/no-token-by-itself: a bearer shows the token that the controller manager wrote into the hand-made Secret",
      "sa-issuance/signers: a bearer shows a token that the controller manager wrote into a Secret",
      "sa-issuance/legacy-token",
      "sa-issuance/root-ca-published: a service account verifies the API server by that CA",
    ],
    patch: `
      kind: ClusterConfiguration
      controllerManager:
        extraArgs:
          service-account-private-key-file: /etc/kubernetes/pki/apiserver.key
          root-ca-file: /etc/kubernetes/pki/etcd/ca.crt
    `,
  }),
  mutant({
    id: "pod-tokens-for-somebody-else",
    does: "adds an admission policy by which the tokens that kubelets mount into new pods are for another audience",
    breaks: ["sa-issuance/pod-token"],
    live: misdirectPodTokens,
  }),
];

const POLICIES = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies";
const BINDINGS = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings";

/** The volume with the token is the last one, and the token the first of its sources: the plugin ServiceAccount adds it. */
async function misdirectPodTokens(lab: Lab): Promise<Undo> {
  const admin = await lab.admin();
  const name = lab.unique("planeproof-misdirected");
  const volume = "object.spec.volumes[size(object.spec.volumes) - 1]";
  const path = `"/spec/volumes/" + string(size(object.spec.volumes) - 1) + "/projected/sources/0/serviceAccountToken/audience"`;
  for (const [at, spec] of [
    [
      POLICIES,
      {
        failurePolicy: "Fail",
        reinvocationPolicy: "Never",
        matchConstraints: {
          resourceRules: [
            { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
          ],
        },
        matchConditions: [
          { name: "has-a-token", expression: `has(object.spec.volumes) && has(${volume}.projected)` },
        ],
        mutations: [
          {
            patchType: "JSONPatch",
            jsonPatch: { expression: `[JSONPatch{op: "add", path: ${path}, value: "vault.example.org"}]` },
          },
        ],
      },
    ],
    [BINDINGS, { policyName: name }],
  ] as const) {
    lab.cleanup(`policy ${name}`, () => admin.request({ method: "DELETE", path: `${at}/${name}` }));
    await admin.request({ path: at, body: { metadata: { name }, spec } });
  }
  const namespace = await lab.namespace();
  const body = { metadata: { name }, spec: { containers: [{ name: "main", image: "planeproof.invalid" }] } };
  await until("the admission policy to be in force", async () => {
    const pod = await admin.clients.core.createNamespacedPod({ namespace, dryRun: "All", body });
    return JSON.stringify(pod.spec?.volumes).includes("vault.example.org");
  });
  return () => lab.close();
}
