import { mutant } from "../../harness/index.ts";
import { editKubeletConfig } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "kubelet-always-allow",
    does: "sets the kubelet's `authorization.mode: AlwaysAllow`",
    breaks: [
      "kubelet-authz/rights-required",
      "kubelet-authz/webhook-mode",
      "kubelet-authz/metrics-alone",
      "kubelet-authz/fine-grained",
      "kubelet-authz/api-server-decides",
      "kubelet-authz/no-answer-no-entry",
      "kubelet-authz/get-proxy-runs-commands",
      "api-to-kubelet/no-other-component: the scheduler reads pods",
      "api-to-kubelet/no-other-component: the controller manager reads pods",
      "api-to-kubelet/no-other-component: the kubelet reads pods",
    ],
    live: (lab) =>
      editKubeletConfig(lab, ({ authorization }) => Object.assign(authorization, { mode: "AlwaysAllow" })),
  }),
  mutant({
    id: "old-kubelet-authorization-off",
    does: "sets `authorization.mode: AlwaysAllow` on kubelets that do not know `nodes/pods`",
    breaks: ["kubelet-authz/proxy-for-pods"],
    kubernetes: "1.32",
    patch: `
      kind: KubeletConfiguration
      authorization:
        mode: AlwaysAllow
    `,
  }),
];
