import { mutant } from "../../harness/index.ts";
import { grant } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "anybody-requests-tokens",
    does: "lets every service account request tokens of every service account",
    breaks: ["sa-issuance/request-limits", "sa-issuance/no-token-by-itself"],
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
      "sa-issuance/no-token-by-itself",
      "sa-issuance/signers",
      "sa-issuance/legacy-token",
      "sa-issuance/root-ca-published",
    ],
    patch: `
      kind: ClusterConfiguration
      controllerManager:
        extraArgs:
          service-account-private-key-file: /etc/kubernetes/pki/apiserver.key
          root-ca-file: /etc/kubernetes/pki/etcd/ca.crt
    `,
  }),
];
