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
    id: "etcd-without-tls",
    does: "makes etcd listen for clients and for peers over plain HTTP, on the ports of TLS",
    breaks: [
      "etcd-client/certificate-required: a client speaks plain HTTP",
      "etcd-peer/certificate-required: a peer speaks plain HTTP",
    ],
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          etcd-servers: "http://127.0.0.1:2379"
      etcd:
        local:
          extraArgs:
            listen-client-urls: "http://0.0.0.0:2379"
            listen-peer-urls: "http://0.0.0.0:2380"
    `,
  }),
  mutant({
    id: "one-ca-for-all",
    does: "adds the cluster's CA to the file of CAs that etcd trusts",
    breaks: [
      "etcd-peer/own-ca: a peer shows the same names, signed by the cluster's CA",
      "etcd-peer/own-ca: the administrator calls as a peer",
      "etcd-peer/separate-sub-ca: a client certificate of the cluster's CA calls as a peer",
      "etcd-peer/no-other-ca",
      "etcd-client/no-other-ca",
      "etcd-client/cluster-ca-refused",
      "etcd-client/api-server-alone",
      "etcd-client/server-verified: a client verifies the API server by that CA",
      "general/authorized-in-three-ways: the stranger counts etcd's keys",
      "general/mutual-tls: a client verifies the API server by another CA",
      "sa-issuance/root-ca-published",
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
