import { parse } from "yaml";
import { fromKubeconfig, type KubeconfigContent } from "../identity/index.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { flag, type Process, processOf } from "../node/processes.ts";
import { EnvironmentError } from "../support/errors.ts";
import { until } from "../support/until.ts";
import type { Lab } from "./lab.ts";

export type ApiClient = "kubelet" | "kube-scheduler" | "kube-controller-manager" | "kube-proxy";

/** A component's way to the API server: the kubeconfig that the live process was told to use. Read once in a run. */
export function kubeconfigOf(
  lab: Lab,
  command: ApiClient,
  node: Node = lab.node,
): Promise<KubeconfigContent> {
  return lab.scope.once(`kubeconfig of ${command} on ${node.name}`, async () => {
    // kube-proxy comes last: its pod starts when the node is Ready, and that is when the first claims run.
    const process = await until(`a ${command} on node ${node.name}`, () => processOf(node, command));
    // The process may live in a pod: its files are those of its own mount namespace.
    const read = (file: string) => readFile(node, `/proc/${process.pid}/root${file}`);
    return fromKubeconfig(await read(await kubeconfigPath(process, read)), read);
  });
}

/** kube-proxy alone is told of its kubeconfig in a configuration file (`clientConnection.kubeconfig`). */
async function kubeconfigPath(process: Process, read: (file: string) => Promise<string>): Promise<string> {
  const config = process.command === "kube-proxy" ? flag(process, "config") : undefined;
  const { clientConnection } = config
    ? (parse(await read(config)) as { clientConnection?: { kubeconfig?: string } })
    : {};
  const path = flag(process, "kubeconfig") ?? clientConnection?.kubeconfig;
  if (path) return path;
  throw new EnvironmentError(`The live ${process.command} has no kubeconfig.`, {
    expected: "an argument --kubeconfig, or clientConnection.kubeconfig in the file of --config",
    found: process.args.join(" "),
  });
}
