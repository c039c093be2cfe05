import { type Lab, mutant } from "../../harness/index.ts";
import { readFile } from "../../harness/nodes.ts";
import { apiServerReady, editFile, restartComponent, type Undo } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "etcd-client-auth-off",
    does: "sets `--client-cert-auth=false` on etcd",
    breaks: ["etcd-client/certificate-required", "etcd-client/cluster-ca-refused", "etcd-client/own-ca"],
    equivalent: "etcd demands client certificates as long as `--trusted-ca-file` is set",
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            client-cert-auth: "false"
    `,
  }),
  mutant({
    id: "etcd-client-open",
    does: "sets `--client-cert-auth=false` and an empty `--trusted-ca-file` on etcd",
    breaks: [
      "etcd-client/certificate-required",
      "etcd-client/cluster-ca-refused",
      "etcd-client/own-ca",
      "etcd-client/validity-checked",
      "etcd-client/api-server-alone",
    ],
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            client-cert-auth: "false"
            trusted-ca-file: ""
    `,
  }),
  mutant({
    id: "one-ca-for-all",
    does: "adds the cluster's CA to the file of CAs that etcd trusts",
    breaks: [
      "etcd-peer/own-ca",
      "etcd-peer/separate-sub-ca",
      "etcd-client/cluster-ca-refused",
      "etcd-client/api-server-alone",
      "etcd-client/server-verified",
    ],
    live: trustClusterCa,
  }),
];

async function trustClusterCa(lab: Lab): Promise<Undo> {
  const { node, cluster } = lab;
  const clusterCa = await readFile(node, cluster.pki("ca.crt"));
  const restart = async () => {
    await restartComponent(node, "etcd");
    await apiServerReady(lab);
  };
  return editFile(node, cluster.pki("etcd/ca.crt"), (etcdCa) => `${etcdCa}\n${clusterCa}`, restart);
}
