import { type Lab, mutant } from "../../harness/index.ts";
import { listeners, writeFile } from "../../harness/nodes.ts";
import { until } from "../../harness/probes.ts";
import { addArgument, EVERYTHING, grant, type Undo } from "../../harness/sabotage.ts";

const PROXY_PORT = 8080;
const TOKEN_FILE = "/etc/kubernetes/pki/tokens.csv";

export default [
  mutant({
    id: "anonymous-is-admin",
    does: "binds `system:anonymous` to every right",
    breaks: [
      "api-clients/rbac-decides: a client without a certificate lists nodes",
      "general/anonymous-refused",
      "general/anonymous-reads-health-alone",
      "general/mutual-tls: a client with neither asks who it is",
      "general/bindings-of-many: an anonymous caller reads the metrics",
    ],
    live: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "system:anonymous" }),
  }),
  mutant({
    id: "anonymous-reads-paths",
    does: "lets `system:unauthenticated` GET every non-resource path",
    breaks: [
      "general/anonymous-reads-health-alone: an anonymous caller reads metrics",
      "general/anonymous-reads-health-alone: an anonymous caller reads profiles of the process",
      "general/anonymous-reads-health-alone: an anonymous caller reads the API groups (discovery)",
      "general/anonymous-reads-health-alone: an anonymous caller reads the keys of service account tokens (JWKS)",
    ],
    live: (lab) =>
      grant(lab, [{ nonResourceURLs: ["*"], verbs: ["get"] }], {
        kind: "Group",
        name: "system:unauthenticated",
      }),
  }),
  mutant({
    id: "documented-token",
    does: "gives the API server a static token file with the example token of the Kubernetes documentation",
    breaks: [
      "general/forged-bearer-refused: the documentation's example token reads the version",
      "general/authenticators-accounted: the bearer of a token in a static token file, or of a made-up one, asks who it is",
    ],
    live: addTokenFile,
  }),
  mutant({
    id: "proxy-in-the-clear",
    does: `leaves \`kubectl proxy\` running on 0.0.0.0:${PROXY_PORT} of a control plane`,
    breaks: [
      "general/no-http: a client connects to the former insecure port of the node's address",
      "general/no-http: a client connects to the former insecure port of loopback",
      "general/every-port-accounted: every listening port of the node",
    ],
    live: runKubectlProxy,
  }),
  mutant({
    id: "readable-key",
    does: "sets mode 644 on the cluster CA's private key",
    breaks: ["general/key-files-closed"],
    async live({ node, cluster }) {
      const key = cluster.pki("ca.key");
      await node.change(["chmod", "644", key]);
      return () => node.change(["chmod", "600", key]);
    },
  }),
  mutant({
    id: "old-tls",
    does: "sets `--tls-min-version=VersionTLS10` on API server, controller manager and scheduler",
    breaks: [
      "general/old-tls-refused: a client speaks TLS 1.1 or older to the API server",
      "general/old-tls-refused: a client speaks TLS 1.1 or older to the controller manager",
      "general/old-tls-refused: a client speaks TLS 1.1 or older to the scheduler",
    ],
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          tls-min-version: "VersionTLS10"
      controllerManager:
        extraArgs:
          tls-min-version: "VersionTLS10"
      scheduler:
        extraArgs:
          tls-min-version: "VersionTLS10"
    `,
  }),
  mutant({
    id: "etcd-plain-listener",
    does: "makes etcd listen for clients on `http://0.0.0.0:2390` as well: every Secret is open to a reader of that port",
    breaks: ["general/every-port-accounted: every listening port of the node"],
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            listen-client-urls: "https://0.0.0.0:2379,http://0.0.0.0:2390"
    `,
  }),
  mutant({
    id: "etcd-metrics-open",
    does: "binds etcd's plaintext metrics to every address (`--listen-metrics-urls`)",
    breaks: [
      "general/plaintext-stays-home: a neighbour connects to etcd's port 2381",
      "general/plaintext-stays-home: the node connects to etcd's port 2381 of its own address",
      "general/every-port-accounted: every listening port of the node",
    ],
    patch: `
      kind: ClusterConfiguration
      etcd:
        local:
          extraArgs:
            listen-metrics-urls: "http://0.0.0.0:2381"
    `,
  }),
  mutant({
    id: "kube-proxy-metrics-open",
    does: "binds kube-proxy's plaintext metrics to every address (`metricsBindAddress`)",
    breaks: [
      "general/plaintext-stays-home: a neighbour connects to kube-proxy's port 10249",
      "general/plaintext-stays-home: the node connects to kube-proxy's port 10249 of its own address",
    ],
    patch: `
      kind: KubeProxyConfiguration
      metricsBindAddress: "0.0.0.0:10249"
    `,
  }),
  mutant({
    id: "etcd-in-the-clear",
    does: "makes the API server reach etcd over plain HTTP, on loopback only (`http://127.0.0.1:2390`)",
    breaks: [
      "general/nothing-in-the-clear",
      "general/every-port-accounted: every listening port of the node",
    ],
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          etcd-servers: "http://127.0.0.1:2390"
      etcd:
        local:
          extraArgs:
            listen-client-urls: "https://0.0.0.0:2379,http://127.0.0.1:2390"
    `,
  }),
];

async function addTokenFile(lab: Lab): Promise<Undo> {
  await writeFile(lab.node, TOKEN_FILE, "31ada4fd-adec-460c-809a-9e56ceb75269,example,example\n");
  const undo = await addArgument(lab, "kube-apiserver", `--token-auth-file=${TOKEN_FILE}`);
  return async () => {
    await undo();
    await lab.node.change(["rm", TOKEN_FILE]);
  };
}

async function runKubectlProxy({ node }: Lab): Promise<Undo> {
  const proxy = `kubectl proxy --kubeconfig /etc/kubernetes/admin.conf --address 0.0.0.0 --port ${PROXY_PORT}`;
  const pid = await node.change(["bash", "-c", `setsid ${proxy} >/dev/null 2>&1 </dev/null & echo $!`]);
  await until("kubectl proxy to listen", async () =>
    (await listeners(node)).some(({ port }) => port === PROXY_PORT),
  );
  return () => node.change(["kill", pid.trim()]);
}
