import { connections } from "./listeners.ts";
import type { Node } from "./node.ts";

/** The established connections that a program on the node holds to a port, by their own ends: `172.18.0.2:45510`. */
export async function connectionsOf(node: Node, command: string, port: number): Promise<string[]> {
  const open = await connections(node, port);
  return open
    .filter((connection) => connection.command === command && connection.peer.endsWith(`:${port}`))
    .map(({ local }) => local)
    .sort();
}

/** Cuts a connection in the kernel, under the feet of both programs (`ss -K`, CONFIG_INET_DIAG_DESTROY). */
export async function cutConnection(node: Node, local: string): Promise<void> {
  await node.run(["ss", "-K", "src", local]);
}
