import type { KnownChannel } from "../../../results/channel.ts";

type Side = "left" | "middle" | "right" | "above" | "below";

/** A component that has a place of its own in the drawing. */
interface Component {
  name: string;
  side: Side;
  detail?: string;
}

/** The API server: almost every channel begins or ends there. */
export const HUB = "API server";

/** From top to bottom on each side. Any other component that talks to the API server gets a box above the nodes. */
export const COMPONENTS: readonly Component[] = [
  { name: "etcd", side: "left" },
  { name: "aggregator", side: "left", detail: "extension APIs" },
  { name: "scheduler", side: "left" },
  { name: "controller manager", side: "left" },
  { name: HUB, side: "middle" },
  { name: "pods", side: "right", detail: "service accounts" },
  { name: "kube-proxy", side: "right" },
  { name: "kubelet", side: "right" },
  { name: "clients", side: "above", detail: "administrators, kubectl, other authorizers" },
  { name: "anyone", side: "below", detail: "a neighbour on the network, a pod without rights, a stranger" },
];

/**
 * Where an arrow runs: `row`, between the API server and a box beside it; `above`, between the API server and its clients;
 * `peers`, between members of etcd; `below`, between anyone and the lowest box of a column; `apart`, between any other two
 * components, in a row below the rest.
 */
type Lane = "row" | "above" | "peers" | "below" | "apart";

/** A channel with the two boxes between which its arrow runs. */
export interface Connection {
  channel: KnownChannel;
  from: string;
  to: string;
  lane: Lane;
}

/** The channels that say between what they run; those that do not cannot be drawn. */
export function connections(channels: readonly KnownChannel[]): Connection[] {
  return channels.flatMap((channel) => {
    const { from, to } = channel.drawn ?? channel;
    return from === undefined || to === undefined ? [] : { channel, from, to, lane: laneBetween(from, to) };
  });
}

function laneBetween(from: string, to: string): Lane {
  if (from === to) return from === "etcd" ? "peers" : "apart";
  const sides = [from, to].map(sideOf);
  const other = from === HUB ? to : from;
  if (sides.includes("below")) return [from, to].some((name) => LOWEST.includes(name)) ? "below" : "apart";
  if (from !== HUB && to !== HUB) return "apart";
  return sideOf(other) === "above" ? "above" : "row";
}

/** A component's side; to the right for one that is not in the table. */
export function sideOf(name: string): Side {
  return COMPONENTS.find((component) => component.name === name)?.side ?? "right";
}

const LOWEST = (["left", "middle", "right"] as const).map(
  (side) => COMPONENTS.findLast((component) => component.side === side)?.name ?? "",
);
