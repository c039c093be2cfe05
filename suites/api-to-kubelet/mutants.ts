import { type Lab, mutant } from "../../harness/index.ts";
import { EVERYTHING, grant, restartKubelet, type Undo } from "../../harness/sabotage.ts";

const BINDING = "kubeadm:apiserver-kubelet-client";

export default [
  mutant({
    id: "api-server-without-kubelet-certificate",
    does: "empties `--kubelet-client-certificate` and `--kubelet-client-key` of the API server",
    breaks: [
      "api-to-kubelet/streams-arrive: the administrator reads a pod's log",
      "api-to-kubelet/dedicated-key-pair: the API server asks a kubelet of ours for a log",
    ],
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          kubelet-client-certificate: ""
          kubelet-client-key: ""
    `,
  }),
  mutant({
    id: "api-server-unbound",
    does: `deletes the ClusterRoleBinding \`${BINDING}\``,
    breaks: [
      "api-to-kubelet/streams-arrive: the administrator reads a pod's log",
      "api-to-kubelet/dedicated-key-pair: the API server reads pods",
      "api-to-kubelet/no-other-component: the API server reads pods",
      "api-to-kubelet/kubelets-alone: the certificate's holder reads pods",
    ],
    live: unbindApiServer,
  }),
  mutant({
    id: "api-server-kubelet-client-is-admin",
    does: "binds the user of the API server's certificate for kubelets to every right, as its group did before",
    breaks: ["api-to-kubelet/kubelets-alone"],
    live: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "kube-apiserver-kubelet-client" }),
  }),
  mutant({
    id: "old-authorization-off",
    does: "sets `--authorization-mode=AlwaysAllow` where the API server's certificate for kubelets is still an administrator's",
    breaks: ["api-to-kubelet/group-is-administrator"],
    kubernetes: "1.32",
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          authorization-mode: "AlwaysAllow"
    `,
  }),
];

/** The kubelet is restarted so that it forgets which rights it has seen: it remembers them for five minutes. */
async function unbindApiServer(lab: Lab): Promise<Undo> {
  const { rbac } = (await lab.admin()).clients;
  const { metadata: _, ...binding } = await rbac.readClusterRoleBinding({ name: BINDING });
  await rbac.deleteClusterRoleBinding({ name: BINDING });
  await restartKubelet(lab);
  return async () => {
    await rbac.createClusterRoleBinding({ body: { ...binding, metadata: { name: BINDING } } });
    await restartKubelet(lab);
  };
}
