// Where things stand in the drawing, in units of its own (about a CSS pixel each on a wide screen). The API server is in
// the middle, what it rests on to its left, the nodes to its right, whoever comes from outside above and below.

export const WIDTH = 896;
export const HEIGHT = 664;

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Box extends Rectangle {
  name: string;
  detail?: string;
}

export interface Frame extends Rectangle {
  name: string;
  /** The middle of its name, where no arrow passes. */
  nameX: number;
}

export interface Arrow {
  channel: string;
  from: Point;
  to: Point;
  both?: true;
  /** The middle of its label, where that is not the middle of the arrow. */
  labelX?: number;
}

export interface Point {
  x: number;
  y: number;
}

const LEFT = { x: 17, width: 166 };
const MIDDLE = { x: 390, width: 136 };
const RIGHT = { x: 740, width: 132 };

export const frames: Frame[] = [
  { name: "control plane", x: 10, y: 112, width: 530, height: 472, nameX: 283 },
  { name: "every node", x: 726, y: 112, width: 160, height: 472, nameX: 806 },
];

export const boxes: Box[] = [
  { ...LEFT, y: 14, height: 48, name: "etcd", detail: "on other members" },
  { ...LEFT, y: 140, height: 72, name: "etcd" },
  { ...LEFT, y: 236, height: 56, name: "aggregator", detail: "extension APIs" },
  { ...LEFT, y: 316, height: 72, name: "scheduler" },
  { ...LEFT, y: 412, height: 148, name: "controller manager" },
  { ...MIDDLE, y: 140, height: 420, name: "API server" },
  {
    x: 296,
    width: 304,
    y: 14,
    height: 48,
    name: "clients",
    detail: "administrators, kubectl, other authorizers",
  },
  { ...RIGHT, y: 140, height: 100, name: "pods", detail: "service accounts" },
  { ...RIGHT, y: 256, height: 56, name: "kube-proxy" },
  { ...RIGHT, y: 328, height: 232, name: "kubelet" },
  {
    x: 24,
    width: 832,
    y: 616,
    height: 40,
    name: "anyone",
    detail: "a neighbour on the network, a pod without rights, a stranger",
  },
];

/** The channels that have a place in the drawing. Others are listed below it. */
export const arrows: Arrow[] = [
  { channel: "etcd-peer", from: { x: 100, y: 62 }, to: { x: 100, y: 140 }, both: true },
  { channel: "api-clients", from: { x: 420, y: 62 }, to: { x: 420, y: 140 }, labelX: 374 },
  { channel: "access-review", from: { x: 496, y: 62 }, to: { x: 496, y: 140 }, labelX: 534 },
  toLeft("etcd-client", 176),
  toMiddleFromLeft("front-proxy", 264),
  toMiddleFromLeft("scheduler", 352),
  toMiddleFromLeft("controller-manager", 448),
  toMiddleFromLeft("csr-signing", 520),
  toRight("sa-issuance", 164),
  toMiddleFromRight("sa-verification", 212),
  toMiddleFromRight("kube-proxy", 284),
  toMiddleFromRight("bootstrap", 346),
  toMiddleFromRight("kubelet-identity", 385),
  toMiddleFromRight("node-isolation", 424),
  toMiddleFromRight("kubelet-authz", 463),
  toRight("api-to-kubelet", 502),
  toRight("kubelet-serving", 541),
  { channel: "secure-ports", from: { x: 100, y: 616 }, to: { x: 100, y: 560 } },
  { channel: "general", from: { x: 458, y: 616 }, to: { x: 458, y: 560 } },
  { channel: "kubelet-authn", from: { x: 796, y: 616 }, to: { x: 796, y: 560 } },
];

function toLeft(channel: string, y: number): Arrow {
  return { channel, from: { x: MIDDLE.x, y }, to: { x: LEFT.x + LEFT.width, y } };
}

function toMiddleFromLeft(channel: string, y: number): Arrow {
  return { channel, from: { x: LEFT.x + LEFT.width, y }, to: { x: MIDDLE.x, y } };
}

function toRight(channel: string, y: number): Arrow {
  return { channel, from: { x: MIDDLE.x + MIDDLE.width, y }, to: { x: RIGHT.x, y } };
}

function toMiddleFromRight(channel: string, y: number): Arrow {
  return { channel, from: { x: RIGHT.x, y }, to: { x: MIDDLE.x + MIDDLE.width, y } };
}
