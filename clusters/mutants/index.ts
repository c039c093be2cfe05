import type { Mutant } from "../../harness/index.ts";

/** Sabotages by kubeadm patches: `ID.yaml` beside this file, each a kind config of its own. */
export const bootMutants: Mutant[] = [
  {
    id: "etcd-client-auth-off",
    does: "--client-cert-auth=false on etcd",
    breaks: ["etcd-client/certificate-required", "etcd-client/cluster-ca-refused", "etcd-client/own-ca"],
    equivalent: "etcd demands client certificates as long as --trusted-ca-file is set",
  },
  {
    id: "etcd-client-open",
    does: "--client-cert-auth=false and an empty --trusted-ca-file on etcd",
    breaks: [
      "etcd-client/certificate-required",
      "etcd-client/cluster-ca-refused",
      "etcd-client/own-ca",
      "etcd-client/validity-checked",
      "etcd-client/api-server-alone",
    ],
  },
  {
    id: "etcd-peer-auth-off",
    does: "--peer-client-cert-auth=false on etcd",
    breaks: ["etcd-peer/certificate-required", "etcd-peer/own-ca", "etcd-peer/validity-checked"],
    equivalent: "etcd demands its peers' certificates as long as --peer-trusted-ca-file is set",
  },
  {
    id: "etcd-peer-open",
    does: "--peer-client-cert-auth=false and an empty --peer-trusted-ca-file on etcd",
    breaks: [
      "etcd-peer/certificate-required",
      "etcd-peer/own-ca",
      "etcd-peer/validity-checked",
      "etcd-peer/address-checked",
      "etcd-peer/nameless-passes",
      "etcd-peer/separate-sub-ca",
    ],
  },
  {
    id: "etcd-peer-auto-tls",
    does: "--peer-auto-tls on three members of etcd, instead of certificates of a CA",
    breaks: ["etcd-peer/members-replicate"],
  },
  {
    id: "etcd-peer-any-address",
    does: "--peer-skip-client-san-verification on etcd",
    breaks: ["etcd-peer/address-checked", "etcd-peer/nameless-passes"],
  },
  {
    id: "etcd-plain-listener",
    does: "a second port on which etcd listens for clients in the clear",
    breaks: ["general/every-port-accounted"],
  },
  {
    id: "etcd-metrics-open",
    does: "--listen-metrics-urls of etcd on every address",
    breaks: ["general/plaintext-stays-home", "general/every-port-accounted"],
  },
  {
    id: "etcd-in-the-clear",
    does: "etcd and the API server talk in the clear, on loopback",
    breaks: ["general/nothing-in-the-clear", "general/every-port-accounted"],
  },
  {
    id: "old-tls",
    does: "--tls-min-version=VersionTLS10 on the API server",
    breaks: ["general/old-tls-refused"],
  },
  {
    id: "authorization-off",
    does: "--authorization-mode=AlwaysAllow on the API server",
    breaks: [
      "general/authorized-in-three-ways",
      "api-clients/kubeconfigs",
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
  },
  {
    id: "old-authorization-off",
    does: "the same, where the API server's certificate for kubelets still has an administrator's group",
    breaks: ["api-to-kubelet/group-is-administrator"],
    kubernetes: "1.32",
  },
  {
    id: "old-kubelet-authorization-off",
    does: "kubelets with authorization.mode: AlwaysAllow, from before they knew of nodes/pods",
    breaks: ["kubelet-authz/proxy-for-pods"],
    kubernetes: "1.32",
  },
  {
    id: "no-node-restriction",
    does: "--enable-admission-plugins=NamespaceLifecycle on the API server, without NodeRestriction",
    breaks: [
      "kubelet-identity/registers-itself",
      "kubelet-identity/pods-start-and-stop",
      "kubelet-identity/nothing-special",
      "node-isolation/own-node-object",
      "node-isolation/no-self-promotion",
      "node-isolation/pods-of-own-node",
      "node-isolation/tokens-of-own-pods",
      "node-isolation/certificates-of-own-name",
    ],
  },
  {
    id: "api-server-without-kubelet-certificate",
    does: "empties --kubelet-client-certificate and --kubelet-client-key of the API server",
    breaks: ["api-to-kubelet/streams-arrive", "api-to-kubelet/dedicated-key-pair"],
  },
  {
    id: "kubelet-certificates-unsigned",
    does: "sets --kubelet-certificate-authority while kubelets still sign their serving certificates themselves",
    breaks: ["kubelet-serving/rogue-kubelet-refused"],
  },
  {
    id: "requests-never-signed",
    does: "empties --cluster-signing-cert-file and --cluster-signing-key-file of the controller manager",
    breaks: [
      "csr-signing/approved-is-issued",
      "csr-signing/signing-files",
      "csr-signing/approval-needed",
      "csr-signing/lifetime",
    ],
  },
  {
    id: "requests-signed-by-another-ca",
    does: "the controller manager signs requests with the front proxy's CA",
    breaks: ["csr-signing/approved-is-issued", "csr-signing/signing-files"],
  },
  {
    id: "requests-unrestricted",
    does: "the API server without the admission plugins CertificateApproval and CertificateSubjectRestriction",
    breaks: ["csr-signing/approval-needed", "csr-signing/masters-refused"],
  },
  {
    id: "foreign-token-files",
    does: "--service-account-private-key-file and --root-ca-file of the controller manager name files of another purpose",
    breaks: [
      "sa-issuance/no-token-by-itself",
      "sa-issuance/signers",
      "sa-issuance/legacy-token",
      "sa-issuance/root-ca-published",
    ],
  },
  {
    id: "token-checks-off",
    does: "--service-account-lookup=false and a second audience in --api-audiences on the API server",
    breaks: ["sa-verification/audience", "sa-issuance/pod-token", "sa-issuance/legacy-token"],
  },
];
