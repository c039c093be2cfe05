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
];
