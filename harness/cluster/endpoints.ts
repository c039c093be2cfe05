import type { Node } from "../node/node.ts";
import { flag, processOf } from "../node/processes.ts";
import { EnvironmentError } from "../support/errors.ts";

/** A port of a component on a node, and the address under which the component is known. */
export interface Endpoint {
  host: string;
  port: number;
}

/** Where etcd on a node serves its clients, by its own `--advertise-client-urls`. */
export function etcdClientEndpoint(node: Node): Promise<Endpoint> {
  return fromUrls(node, "etcd", "advertise-client-urls");
}

/** Where etcd on a node serves its peers, by its own `--initial-advertise-peer-urls`. */
export function etcdPeerEndpoint(node: Node): Promise<Endpoint> {
  return fromUrls(node, "etcd", "initial-advertise-peer-urls");
}

/** Where the API server on a node listens inside the cluster. */
export async function apiServerEndpoint(node: Node): Promise<Endpoint> {
  return {
    host: node.address,
    port: Number((await argumentOf(node, "kube-apiserver", "secure-port")) ?? 6443),
  };
}

/** Where the controller manager (10257) or the scheduler (10259) is reached from its own node, by its arguments. */
export async function securePort(
  node: Node,
  component: "kube-controller-manager" | "kube-scheduler",
): Promise<Endpoint> {
  const usual = component === "kube-scheduler" ? 10259 : 10257;
  const [bound, port] = await Promise.all([
    argumentOf(node, component, "bind-address"),
    argumentOf(node, component, "secure-port"),
  ]);
  return { host: loopbackFor(bound ?? "0.0.0.0"), port: Number(port ?? usual) };
}

/** The address under which a node reaches what is bound to an address of its own: its loopback for what is bound to all. */
export function loopbackFor(bound: string): string {
  if (bound === "0.0.0.0" || bound === "*") return "127.0.0.1";
  return bound === "::" ? "::1" : bound;
}

/** An argument of a live component on a node; undefined where it was not given. */
export async function argumentOf(node: Node, command: string, name: string): Promise<string | undefined> {
  const process = await processOf(node, command);
  if (!process) {
    throw new EnvironmentError(`No ${command} runs on node ${node.name}.`, {
      where: `looking for its --${name}`,
    });
  }
  return flag(process, name);
}

async function fromUrls(node: Node, command: string, name: string): Promise<Endpoint> {
  const [first = ""] = ((await argumentOf(node, command, name)) ?? "").split(",");
  return endpointOf(first);
}

/** The endpoint in a URL, the brackets of an IPv6 address taken off: `https://[fd00::2]:6443`. */
export function endpointOf(url: string): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
}
