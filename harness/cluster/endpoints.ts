import type { Node } from "../node/node.ts";
import { flag, type Process, processOf } from "../node/processes.ts";
import { EnvironmentError } from "../support/errors.ts";

/** A port of a component on a node, and the address under which the component is known. */
export interface Endpoint {
  host: string;
  port: number;
}

/** The address under which a node reaches what is bound to an address of its own: its loopback for what is bound to all. */
export function loopbackFor(bound: string): string {
  if (bound === "0.0.0.0" || bound === "*") return "127.0.0.1";
  return bound === "::" ? "::1" : bound;
}

/** The endpoint that a bind address names, as its own node reaches it; `usual` is the port where it names none. */
export function boundEndpoint(bound: string, usual: number): Endpoint {
  const [, host = bound, port = usual] = /^(\[.*\]|[^:]*):(\d+)$/.exec(bound) ?? [];
  return { host: loopbackFor(host.replace(/^\[|\]$/g, "") || "0.0.0.0"), port: Number(port) };
}

/** An argument of a live component on a node; undefined where it was not given. */
export async function argumentOf(node: Node, command: string, name: string): Promise<string | undefined> {
  return flag(await processOn(node, command), name);
}

/** The live process of a component that must run on a node. */
export async function processOn(node: Node, command: string): Promise<Process> {
  const process = await processOf(node, command);
  if (process) return process;
  throw new EnvironmentError(`No ${command} runs on node ${node.name}.`);
}

/** The endpoint in a URL, the brackets of an IPv6 address taken off: `https://[fd00::2]:6443`. */
export function endpointOf(url: string): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
}
