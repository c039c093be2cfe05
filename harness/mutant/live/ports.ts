import { readFile, writeFile } from "../../node/files.ts";
import type { Node } from "../../node/node.ts";
import { listeners } from "../../node/sockets.ts";
import { until } from "../../support/until.ts";
import type { LiveMutant } from "../mutant.ts";
import { apiServerReady, EVERYTHING, editFile, editManifest, grant, restartComponent } from "../sabotage.ts";

const PROXY_PORT = 8080;
const TOKEN_FILE = "/etc/kubernetes/pki/tokens.csv";

/** Sabotages of what every port of the control plane has in common, and of etcd's CA. */
export const portMutants: LiveMutant[] = [
  {
    id: "anonymous-reads-paths",
    does: "lets anybody GET every path that is no object",
    breaks: ["general/anonymous-reads-health-alone"],
    apply: (lab) =>
      grant(lab, [{ nonResourceURLs: ["*"], verbs: ["get"] }], {
        kind: "Group",
        name: "system:unauthenticated",
      }),
  },
  {
    id: "everybody-is-admin",
    does: "binds system:authenticated to every right",
    breaks: ["general/authorized-in-three-ways"],
    apply: (lab) => grant(lab, EVERYTHING, { kind: "Group", name: "system:authenticated" }),
  },
  {
    id: "documented-token",
    does: "gives the API server a static token file that was copied from the documentation",
    breaks: ["general/forged-bearer-refused"],
    async apply(lab) {
      await writeFile(lab.node, TOKEN_FILE, "31ada4fd-adec-460c-809a-9e56ceb75269,example,example\n");
      const undo = await editManifest(lab, "kube-apiserver", (manifest) =>
        manifest.replace(/^( *)- kube-apiserver$/m, `$&\n$1- --token-auth-file=${TOKEN_FILE}`),
      );
      return async () => {
        await undo();
        await lab.node.run(["rm", TOKEN_FILE]);
      };
    },
  },
  {
    id: "proxy-in-the-clear",
    does: `leaves kubectl proxy running on a control plane, on port ${PROXY_PORT} of every address`,
    breaks: ["general/no-http", "general/every-port-accounted"],
    apply: ({ node }) => kubectlProxy(node),
  },
  {
    id: "readable-key",
    does: "lets every user of a control plane read the cluster CA's private key",
    breaks: ["general/key-files-closed"],
    async apply({ node, cluster }) {
      const key = cluster.pki("ca.key");
      await node.run(["chmod", "644", key]);
      return async () => void (await node.run(["chmod", "600", key]));
    },
  },
  {
    id: "one-ca-for-all",
    does: "adds the cluster's CA to the file of CAs that etcd trusts",
    breaks: [
      "etcd-peer/own-ca",
      "etcd-peer/separate-sub-ca",
      "etcd-client/cluster-ca-refused",
      "etcd-client/api-server-alone",
      "etcd-client/server-verified",
    ],
    async apply(lab) {
      const { node, cluster } = lab;
      const clusterCa = await readFile(node, cluster.pki("ca.crt"));
      const restart = async () => {
        await restartComponent(node, "etcd");
        await apiServerReady(lab);
      };
      return editFile(node, cluster.pki("etcd/ca.crt"), (etcdCa) => `${etcdCa}\n${clusterCa}`, restart);
    },
  },
];

async function kubectlProxy(node: Node): Promise<() => Promise<void>> {
  const proxy = `kubectl proxy --kubeconfig /etc/kubernetes/admin.conf --address 0.0.0.0 --port ${PROXY_PORT}`;
  const pid = await node.run(["bash", "-c", `setsid ${proxy} >/dev/null 2>&1 </dev/null & echo $!`]);
  await until("kubectl proxy to listen", async () =>
    (await listeners(node)).some(({ port }) => port === PROXY_PORT),
  );
  return async () => void (await node.run(["kill", pid.trim()]));
}
