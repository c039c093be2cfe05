import { mutant } from "../../harness/index.ts";

export default [
  mutant({
    id: "etcd-peer-auth-off",
    does: "sets `--peer-client-cert-auth=false` on etcd",
    breaks: ["etcd-peer/certificate-required", "etcd-peer/own-ca", "etcd-peer/validity-checked"],
    equivalent: "etcd demands its peers' certificates as long as `--peer-trusted-ca-file` is set",
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            peer-client-cert-auth: "false"
    `,
  }),
  mutant({
    id: "etcd-peer-open",
    does: "sets `--peer-client-cert-auth=false` and an empty `--peer-trusted-ca-file` on etcd",
    breaks: [
      "etcd-peer/certificate-required",
      "etcd-peer/own-ca",
      "etcd-peer/validity-checked",
      "etcd-peer/address-checked",
      "etcd-peer/nameless-passes",
      "etcd-peer/separate-sub-ca",
    ],
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            peer-client-cert-auth: "false"
            peer-trusted-ca-file: ""
    `,
  }),
  mutant({
    id: "etcd-peer-auto-tls",
    does: "sets `--peer-auto-tls` on three members: each makes its own certificate, and any peer's is believed",
    breaks: ["etcd-peer/members-replicate"],
    controlPlanes: 3,
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            peer-auto-tls: "true"
            peer-client-cert-auth: "false"
            peer-cert-file: ""
            peer-key-file: ""
            peer-trusted-ca-file: ""
    `,
  }),
  mutant({
    id: "etcd-peer-any-address",
    does: "sets `--peer-skip-client-san-verification` on etcd: a member's certificate is good from any address",
    breaks: ["etcd-peer/address-checked", "etcd-peer/nameless-passes"],
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            peer-skip-client-san-verification: "true"
    `,
  }),
];
