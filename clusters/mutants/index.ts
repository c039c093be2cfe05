import { join } from "node:path";
import type { BootMutant } from "../../harness/index.ts";

/** Sabotages by kubeadm patches: `ID.yaml` beside this file, each a kind config of its own. */
export const bootMutants: BootMutant[] = [
  mutant({
    id: "etcd-client-auth-off",
    does: "--client-cert-auth=false on etcd",
    breaks: ["etcd-client/cluster-ca-refused"],
    equivalent: "etcd demands client certificates as long as --trusted-ca-file is set",
  }),
  mutant({
    id: "etcd-client-open",
    does: "--client-cert-auth=false and an empty --trusted-ca-file on etcd",
    breaks: ["etcd-client/cluster-ca-refused"],
  }),
];

function mutant(about: Omit<BootMutant, "config">): BootMutant {
  return { ...about, config: join(import.meta.dirname, `${about.id}.yaml`) };
}
