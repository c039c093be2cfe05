import type { Mutant } from "../../harness/index.ts";

/** Sabotages by kubeadm patches: `ID.yaml` beside this file, each a kind config of its own. */
export const bootMutants: Mutant[] = [
  {
    id: "etcd-client-auth-off",
    does: "--client-cert-auth=false on etcd",
    breaks: ["etcd-client/cluster-ca-refused"],
    equivalent: "etcd demands client certificates as long as --trusted-ca-file is set",
  },
  {
    id: "etcd-client-open",
    does: "--client-cert-auth=false and an empty --trusted-ca-file on etcd",
    breaks: ["etcd-client/cluster-ca-refused"],
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
    breaks: ["etcd-peer/certificate-required", "etcd-peer/own-ca", "etcd-peer/validity-checked"],
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
];
