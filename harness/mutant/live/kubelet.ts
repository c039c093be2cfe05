import { parse, stringify } from "yaml";
import type { Lab } from "../../lab/lab.ts";
import { tcp } from "../../probe/http.ts";
import { until } from "../../support/until.ts";
import type { LiveMutant } from "../mutant.ts";
import { EVERYTHING, editFile, grant, restartKubelet } from "../sabotage.ts";

type Undo = () => Promise<void>;

/** The kubelet's configuration, as far as it is sabotaged here (kubelet.config.k8s.io/v1beta1). */
interface KubeletConfiguration {
  authentication: { anonymous: object; webhook: object; x509: object };
  authorization: object;
  [setting: string]: unknown;
}

/** Changes the configuration with which the kubelet of the control plane was started, and restarts it. */
function configured(change: (config: KubeletConfiguration, lab: Lab) => void): LiveMutant["apply"] {
  return (lab) =>
    editFile(
      lab.node,
      "/var/lib/kubelet/config.yaml",
      (text) => {
        const config = parse(text) as KubeletConfiguration;
        change(config, lab);
        return stringify(config);
      },
      () => restartedKubelet(lab),
    );
}

/** Its health is on another port than its API, which comes up a moment later. */
async function restartedKubelet(lab: Lab): Promise<void> {
  await restartKubelet(lab.node);
  const kubelet = await lab.kubelet();
  await until("the kubelet's port to be open", async () => {
    return (await tcp(lab.fromNode(), kubelet)).outcome.kind === "accepted";
  });
}

const ADMIN_BINDING = "kubeadm:apiserver-kubelet-client";

/** Deletes the binding by which the API server may do anything on kubelets, and lets the kubelet forget what it knows. */
async function unbindApiServer(lab: Lab): Promise<Undo> {
  const { rbac } = (await lab.admin()).clients;
  const { metadata: _, ...binding } = await rbac.readClusterRoleBinding({ name: ADMIN_BINDING });
  await rbac.deleteClusterRoleBinding({ name: ADMIN_BINDING });
  await restartedKubelet(lab);
  return async () => {
    await rbac.createClusterRoleBinding({ body: { ...binding, metadata: { name: ADMIN_BINDING } } });
    await restartedKubelet(lab);
  };
}

/** Sabotages of the way from the API server to the kubelet, and of the kubelet's own port. */
export const kubeletMutants: LiveMutant[] = [
  {
    id: "kubelet-anonymous",
    does: "lets the kubelet take whoever shows no credential for system:anonymous",
    breaks: ["kubelet-authn/credential-required"],
    apply: configured(({ authentication }) => Object.assign(authentication.anonymous, { enabled: true })),
  },
  {
    id: "kubelet-tokens-unknown",
    does: "keeps the kubelet from having tokens reviewed",
    breaks: ["kubelet-authn/tokens-reviewed"],
    apply: configured(({ authentication }) => Object.assign(authentication.webhook, { enabled: false })),
  },
  {
    id: "kubelet-trusts-etcd-ca",
    does: "makes etcd's CA the one by which the kubelet knows its clients",
    breaks: [
      "kubelet-authn/credential-required",
      "kubelet-authn/client-ca-file",
      "kubelet-authn/validity-checked",
    ],
    apply: configured(({ authentication }, { cluster }) =>
      Object.assign(authentication.x509, { clientCAFile: cluster.pki("etcd/ca.crt") }),
    ),
  },
  {
    id: "kubelet-read-only-port",
    does: "opens the kubelet's read-only port, 10255",
    breaks: ["kubelet-authn/no-read-only-port"],
    apply: configured((config) => Object.assign(config, { readOnlyPort: 10255 })),
  },
  {
    id: "kubelet-health-everywhere",
    does: "binds the kubelet's plaintext health port to every address",
    breaks: ["kubelet-authn/plaintext-on-loopback"],
    apply: configured((config) => Object.assign(config, { healthzBindAddress: "0.0.0.0" })),
  },
  {
    id: "kubelet-always-allow",
    does: "sets the kubelet's authorization.mode to AlwaysAllow",
    breaks: [
      "kubelet-authz/rights-required",
      "kubelet-authz/webhook-mode",
      "kubelet-authz/metrics-alone",
      "kubelet-authz/fine-grained",
      "kubelet-authz/api-server-decides",
      "kubelet-authz/no-answer-no-entry",
      "kubelet-authz/get-proxy-runs-commands",
      "api-to-kubelet/no-other-component",
    ],
    apply: configured(({ authorization }) => Object.assign(authorization, { mode: "AlwaysAllow" })),
  },
  {
    id: "kubelet-old-tls",
    does: "lets the kubelet speak TLS 1.0 and 1.1",
    breaks: ["kubelet-serving/tls-only"],
    apply: configured((config) => Object.assign(config, { tlsMinVersion: "VersionTLS10" })),
  },
  {
    id: "kubelet-borrowed-certificate",
    does: "has the kubelet serve under etcd's certificate",
    breaks: ["kubelet-serving/own-certificate"],
    apply: configured((config, { cluster }) =>
      Object.assign(config, {
        tlsCertFile: cluster.pki("etcd/server.crt"),
        tlsPrivateKeyFile: cluster.pki("etcd/server.key"),
      }),
    ),
  },
  {
    id: "api-server-unbound",
    does: `deletes the binding ${ADMIN_BINDING}`,
    breaks: [
      "api-to-kubelet/streams-arrive",
      "api-to-kubelet/dedicated-key-pair",
      "api-to-kubelet/no-other-component",
      "api-to-kubelet/kubelets-alone",
    ],
    apply: unbindApiServer,
  },
  {
    id: "api-server-kubelet-client-is-admin",
    does: "gives every right to the user of the API server's certificate for kubelets",
    breaks: ["api-to-kubelet/kubelets-alone"],
    apply: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "kube-apiserver-kubelet-client" }),
  },
];
