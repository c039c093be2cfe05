import { type Lab, mutant } from "../../harness/index.ts";
import { grant, type Undo } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "nodes-by-rbac",
    does: "binds the group `system:nodes` to the ClusterRole `system:node`, as before there was a Node authorizer",
    breaks: [
      "kubelet-identity/name-and-group: a user with the group, without the name, reads the Node",
      "kubelet-identity/name-and-group: a user with the group and an empty node name reads the Node",
      "node-isolation/secrets-of-own-pods",
      "node-isolation/reads-of-own-node",
      "node-isolation/tokens-of-own-pods: the kubelet requests a token of an account that no pod of its node uses",
    ],
    live: bindNodes,
  }),
  mutant({
    id: "no-node-restriction",
    does: "sets `--enable-admission-plugins=NamespaceLifecycle` on the API server, without NodeRestriction",
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
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          enable-admission-plugins: NamespaceLifecycle
    `,
  }),
];

async function bindNodes(lab: Lab): Promise<Undo> {
  const { rules = [] } = await (await lab.admin()).clients.rbac.readClusterRole({ name: "system:node" });
  return grant(lab, rules, { kind: "Group", name: "system:nodes" });
}
