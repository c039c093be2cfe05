import { EnvironmentError } from "../errors.ts";
import { fromKubeconfig, type KubeconfigContent } from "../identity/index.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { flag, processOf } from "../node/processes.ts";
import type { Lab } from "./lab.ts";

/** A component's way to the API server: the kubeconfig that the live process was told to use. */
export interface ComponentKubeconfig extends KubeconfigContent {
  path: string;
}

/** Reads the file that a live component's `--kubeconfig` names, as the component itself does. Once in a run. */
export function kubeconfigOf(
  lab: Lab,
  command: "kubelet" | "kube-scheduler" | "kube-controller-manager",
  node: Node = lab.node,
): Promise<ComponentKubeconfig> {
  return lab.bench.once(`kubeconfig of ${command} on ${node.name}`, async () => {
    const process = await processOf(node, command);
    const path = process && flag(process, "kubeconfig");
    if (!path) {
      throw new EnvironmentError(`No ${command} with a kubeconfig runs on node ${node.name}.`, {
        expected: `a live ${command} with --kubeconfig`,
        found: process ? `no such argument (process ${process.pid})` : "no such process",
      });
    }
    const content = await fromKubeconfig(await readFile(node, path), (file) => readFile(node, file));
    return { ...content, path };
  });
}
