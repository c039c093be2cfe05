import { SocketAddress } from "node:net";
import { endianness } from "node:os";
import type { Node } from "./node.ts";

/** Addresses that only the machine itself reaches. */
export const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** A TCP port on which somebody listens on a node. */
export interface Listener {
  address: string;
  port: number;
  /** The program that listens, as the kernel knows it (at most 15 characters: `kube-controller`). */
  command: string;
}

/** Every TCP port that anybody listens on in the node's own network namespace. */
export async function listeners(node: Node): Promise<Listener[]> {
  return parseListeners(await node.run(["ss", "-Hltnp"]));
}

/** Reads `ss -Hltnp`: `LISTEN 0 4096 127.0.0.1:2379 0.0.0.0:* users:(("etcd",pid=…` */
export function parseListeners(table: string): Listener[] {
  return table
    .split("\n")
    .filter((line) => line.startsWith("LISTEN"))
    .map((line) => {
      const local = line.split(/\s+/)[3] ?? "";
      const colon = local.lastIndexOf(":");
      return {
        // An interface stands behind the brackets: `[fe80::1]%eth0:546`.
        address: local
          .slice(0, colon)
          .replace(/%.*$/, "")
          .replace(/^\[|\]$/g, ""),
        port: Number(local.slice(colon + 1)),
        command: /users:\(\("([^"]+)"/.exec(line)?.[1] ?? "unknown",
      };
    });
}

/** A TCP connection that is open on a node: who holds it, and its two ends. */
export interface Connection {
  command: string;
  local: string;
  peer: string;
}

/** The established TCP connections to or from `port` on the node. */
export async function connections(node: Node, port: number): Promise<Connection[]> {
  const filter = `( sport = :${port} or dport = :${port} )`;
  const table = await node.run(["ss", "-Htnp", "state", "established", filter]);
  return table
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const columns = line.trim().split(/\s+/);
      return {
        local: columns[2] ?? "",
        peer: columns[3] ?? "",
        command: /users:\(\("([^"]+)"/.exec(line)?.[1] ?? "unknown",
      };
    });
}

/**
 * Who is at the other ends of a port's connections, each once: `kube-apiserver on NODE`, or an address that no node has, or
 * on which no program has that end.
 */
export async function callersOf(node: Node, port: number, nodes: readonly Node[]): Promise<string[]> {
  const served = (await connections(node, port)).filter(({ local }) => local.endsWith(`:${port}`));
  const open = await Promise.all(
    nodes.map(async (one) => ({ node: one, held: await connections(one, port) })),
  );
  const callers = served.map(({ peer }) => {
    const [host, end] = [hostIn(peer), plainEnd(peer)];
    const home = LOOPBACK.test(host) ? node : nodes.find(({ addresses }) => addresses.includes(host));
    const held = open.find((one) => one.node === home)?.held;
    const caller = held?.find(({ local }) => plainEnd(local) === end);
    if (!home) return `${host}, which is no node`;
    return `${caller?.command ?? "an unknown program"} on ${home.name}`;
  });
  return [...new Set(callers)].sort();
}

/** An end of a connection without brackets: a socket of both families writes IPv4 addresses as IPv6 ones. */
function plainEnd(end: string): string {
  return `${hostIn(end)}:${end.slice(end.lastIndexOf(":") + 1)}`;
}

function hostIn(end: string): string {
  return end.slice(0, end.lastIndexOf(":")).replace(/^\[(::ffff:)?|\]$/g, "");
}

/** The established connections that a program on the node holds to a port, by their own ends: `172.18.0.2:45510`. */
export async function connectionsOf(node: Node, command: string, port: number): Promise<string[]> {
  const open = await connections(node, port);
  return open
    .filter((connection) => connection.command === command && connection.peer.endsWith(`:${port}`))
    .map(({ local }) => local)
    .sort();
}

/**
 * One end of a connection as /proc/net/tcp and tcp6 write it: `020012AC:9C42` is 172.18.0.2:40002. The address is 32-bit
 * words in the byte order of the machine (net/ipv4/tcp_ipv4.c, get_tcp4_sock).
 */
export function parseEnd(text: string): { address: string; port: number } | undefined {
  const [, words = "", port = ""] = /^([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4})$/.exec(text) ?? [];
  if (words === "") return undefined;
  const bytes = Buffer.from(words, "hex");
  if (endianness() === "LE") bytes.swap32();
  const groups = bytes.toString("hex").replace(/.{4}(?!$)/g, "$&:");
  const address =
    bytes.length === 4 ? bytes.join(".") : new SocketAddress({ address: groups, family: "ipv6" }).address;
  return { address, port: Number.parseInt(port, 16) };
}

/** Cuts a connection in the kernel, under the feet of both programs (`ss -K`, CONFIG_INET_DIAG_DESTROY). */
export async function cutConnection(node: Node, local: string): Promise<void> {
  await node.change(["ss", "-K", "src", local]);
}
