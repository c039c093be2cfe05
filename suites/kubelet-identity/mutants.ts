import { type Lab, mutant } from "../../harness/index.ts";
import { processOf } from "../../harness/nodes.ts";
import { until } from "../../harness/probes.ts";
import { editKubeletConfig, replaceByAdminConf, type Undo } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "admin-in-kubelet-conf",
    does: "replaces kubelet.conf by admin.conf, and restarts the kubelet without `rotateCertificates`: it would show its own certificate all the same",
    breaks: [
      "kubelet-identity/node-name: the API server knows the live kubelet",
      "kubelet-identity/acts-as-its-node: the kubelet renews its Lease",
      "kubelet-identity/pods-start-and-stop",
    ],
    live: runKubeletAsAdmin,
  }),
  mutant({
    id: "kubelet-frozen",
    does: "stops the kubelet's process (SIGSTOP): its connection stays open in the kernel, but no pod starts or ends",
    breaks: [
      "kubelet-identity/connection-kept: connections that the kubelet opened since, the kernel cut the kubelet's connections",
      "kubelet-identity/pods-start-and-stop: the kubelet runs a pod that is bound to its node",
    ],
    live: freezeKubelet,
  }),
];

async function runKubeletAsAdmin(lab: Lab): Promise<Undo> {
  const undoKubeconfig = await replaceByAdminConf(lab.node, "kubelet.conf");
  const undoConfig = await editKubeletConfig(lab, (config) => {
    config.rotateCertificates = false;
  });
  return async () => {
    await undoKubeconfig();
    await undoConfig();
  };
}

async function freezeKubelet(lab: Lab): Promise<Undo> {
  const { node } = lab;
  const kubelet = await processOf(node, "kubelet");
  if (!kubelet) throw new Error(`no kubelet runs on ${node.name}`);
  await node.run(["kill", "-STOP", String(kubelet.pid)]);
  return async () => {
    await node.run(["kill", "-CONT", String(kubelet.pid)]);
    const { core } = (await lab.admin()).clients;
    await until("the kubelet to report again", async () => {
      const { status } = await core.readNode({ name: node.name });
      return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
    });
  };
}
