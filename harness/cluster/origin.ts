import { COMMANDS } from "../config/arguments.ts";
import type { Cluster, ProvedPatch } from "./cluster.ts";

// What a config asks for was proved on the booted cluster: what is there, and was not asked for, came otherwise.

/** Where the config sets an argument of a component: `my.yaml:12 (ClusterConfiguration.apiServer.extraArgs.NAME)`. */
export function originOfArgument(cluster: Cluster, command: string, name: string): string | undefined {
  const lists = Object.keys(COMMANDS).filter((list) => COMMANDS[list] === command);
  return origin(cluster, ({ path }) => lists.some((list) => path.endsWith(`.${list}.${name}`)));
}

/** Where the config sets a field of a kubeadm document: `KubeletConfiguration.authentication.x509.clientCAFile`. */
export function originOfField(cluster: Cluster, field: string): string | undefined {
  return origin(cluster, ({ path }) => path.endsWith(` ${field}`));
}

/** Where the config mounts a file or a directory around it into a node. */
export function originOfFile(cluster: Cluster, file: string): string | undefined {
  return origin(cluster, ({ path, found }) => {
    const [point = ""] = /\.extraMounts\[\d+\]$/.test(path) ? found.split(" ") : [];
    return point !== "" && `${file}/`.startsWith(`${point}/`);
  });
}

/** The last one counts, as the later patch wins over the earlier. */
function origin({ facts }: Cluster, matches: (patch: ProvedPatch) => boolean): string | undefined {
  const found = facts.patches.findLast(matches);
  return found && `${found.where ?? facts.config} (${found.path})`;
}
