import { mutant } from "../../harness/index.ts";
import { editKubeletConfig } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "kubelet-anonymous",
    does: "turns the kubelet's `authentication.anonymous` on: a caller without a credential is `system:anonymous`",
    breaks: ["kubelet-authn/credential-required"],
    live: (lab) =>
      editKubeletConfig(lab, ({ authentication }) =>
        Object.assign(authentication.anonymous, { enabled: true }),
      ),
  }),
  mutant({
    id: "kubelet-tokens-unknown",
    does: "turns the kubelet's `authentication.webhook` off: no token is reviewed",
    breaks: ["kubelet-authn/tokens-reviewed: the account reads metrics"],
    live: (lab) =>
      editKubeletConfig(lab, ({ authentication }) =>
        Object.assign(authentication.webhook, { enabled: false }),
      ),
  }),
  mutant({
    id: "kubelet-trusts-etcd-ca",
    does: "names etcd's CA as the kubelet's `clientCAFile`",
    breaks: [
      "kubelet-authn/credential-required: the API server reads pods",
      "kubelet-authn/client-ca-file: a certificate of etcd's CA reads pods",
      "kubelet-authn/no-other-ca",
      "kubelet-authn/validity-checked: a client shows a valid certificate",
    ],
    live: (lab) =>
      editKubeletConfig(lab, ({ authentication }) =>
        Object.assign(authentication.x509, { clientCAFile: lab.cluster.pki("etcd/ca.crt") }),
      ),
  }),
  mutant({
    id: "kubelet-knows-nobody",
    does: "takes the kubelet's `clientCAFile`, turns webhook tokens off and anonymous callers on, and allows everything",
    breaks: [
      "kubelet-authn/credential-required",
      "kubelet-authn/client-ca-file",
      "kubelet-authn/validity-checked",
      "kubelet-authn/tokens-reviewed",
      "api-to-kubelet/dedicated-key-pair",
      "api-to-kubelet/no-other-component",
    ],
    live: (lab) =>
      editKubeletConfig(lab, ({ authentication, authorization }) => {
        Object.assign(authentication.anonymous, { enabled: true });
        Object.assign(authentication.webhook, { enabled: false });
        Object.assign(authentication.x509, { clientCAFile: "" });
        Object.assign(authorization, { mode: "AlwaysAllow" });
      }),
  }),
  mutant({
    id: "kubelet-read-only-port",
    does: "opens the kubelet's read-only port, 10255",
    breaks: ["kubelet-authn/no-read-only-port"],
    live: (lab) => editKubeletConfig(lab, (config) => Object.assign(config, { readOnlyPort: 10255 })),
  }),
  mutant({
    id: "kubelet-health-everywhere",
    does: "binds the kubelet's plaintext health port, 10248, to every address",
    breaks: [
      "kubelet-authn/plaintext-on-loopback",
      "general/plaintext-stays-home: a neighbour connects to kubelet's port 10248",
      "general/plaintext-stays-home: the node connects to kubelet's port 10248 of its own address",
    ],
    live: (lab) =>
      editKubeletConfig(lab, (config) => Object.assign(config, { healthzBindAddress: "0.0.0.0" })),
  }),
];
