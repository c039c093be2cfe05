import type { KnownChannel } from "../../../results/channel.ts";
import { column, frame, leastHeight, named, rowsOf, type Stacked } from "./columns.ts";
import { COMPONENTS, type Connection, connections, HUB, sideOf } from "./components.ts";
import {
  type Arrow,
  BAR,
  BETWEEN,
  BOX,
  type Box,
  bottom,
  centre,
  FRAME,
  type Frame,
  LEFT,
  LEVEL,
  MARGIN,
  MIDDLE,
  RIGHT,
  ROW,
  WIDTH,
} from "./geometry.ts";
import { levels, onShaft, shafts } from "./shafts.ts";

// Where things stand in the drawing. What the API server rests on is to its left, the nodes to its right. Every arrow has
// a row or a shaft to itself, and the boxes grow with the number of their arrows; a component without an arrow is not drawn.

export interface Layout {
  width: number;
  height: number;
  frames: Frame[];
  boxes: Box[];
  arrows: Arrow[];
}

/** Places the channels' arrows, and the boxes between which they run. */
export function layout(channels: readonly KnownChannel[]): Layout {
  const all = connections(channels);
  const head = above(all);
  const body = columns(all, head.height);
  const foot = below(all, body);
  const rest = apart(all, foot.height);
  const parts = [head, body, foot, rest];
  return {
    width: WIDTH,
    height: rest.height + MARGIN,
    frames: body.frames,
    boxes: parts.flatMap(({ boxes }) => boxes),
    arrows: parts.flatMap(({ arrows }) => arrows),
  };
}

/** A part of the drawing. `height` is that of the drawing down to the part's lower end. */
interface Part {
  height: number;
  boxes: Box[];
  arrows: Arrow[];
}

function inLane(all: readonly Connection[], lane: Connection["lane"]): Connection[] {
  return all.filter((one) => one.lane === lane);
}

/** Those that begin or end at a box. */
function at(name: string, all: readonly Connection[]): Connection[] {
  return all.filter(({ from, to }) => from === name || to === name);
}

/** Clients above the API server, and above etcd its other members. */
function above(all: readonly Connection[]): Part {
  const [toHub, toPeers] = [inLane(all, "above"), inLane(all, "peers")];
  if (toHub.length + toPeers.length === 0) return { height: 0, boxes: [], arrows: [] };
  const [hub, peers] = [shafts(toHub, MIDDLE), shafts(toPeers, LEFT)];
  const row = { y: MARGIN, height: BOX };
  const from = bottom(row);
  const height = from + MARGIN + LEVEL * Math.max(levels(hub), levels(peers));
  const arrows = [...hub, ...peers].flatMap((shaft) =>
    onShaft(shaft, { from, to: height + FRAME.head, labels: from + MARGIN }),
  );
  const boxes: Box[] = [];
  if (toHub.length > 0) {
    const width = 304;
    boxes.push({ ...named("clients"), x: centre(MIDDLE) - width / 2, width, ...row });
  }
  if (toPeers.length > 0) boxes.push({ name: "etcd", detail: "on other members", ...LEFT, ...row });
  return { height, boxes, arrows };
}

/** The API server, with the control plane's other components and the nodes' beside it. */
function columns(all: readonly Connection[], top: number): Part & { frames: Frame[] } {
  const rows = inLane(all, "row");
  const touched = new Set(all.flatMap(({ lane, from, to }) => (lane === "apart" ? [] : [from, to])));
  if (touched.size === 0) return { height: top, boxes: [], arrows: [], frames: [] };
  const stack = (name: string): Stacked => ({ name, rows: at(name, rows).length });
  const known = (side: string) =>
    COMPONENTS.filter((component) => component.side === side && touched.has(component.name));
  const others = [...touched].filter((name) => !COMPONENTS.some((component) => component.name === name));
  const left = [known("left").map(({ name }) => stack(name))];
  const right = [others.map(stack), known("right").map(({ name }) => stack(name))];

  const y = top + (top === 0 ? MARGIN : 0) + FRAME.head;
  const height = Math.max(ROW * 2, leastHeight(left), leastHeight(right));
  const hub: Box = { ...named(HUB), ...MIDDLE, y, height };
  const leftBoxes = column(left, LEFT, y, height);
  const rightBoxes = column(right, RIGHT, y, height);
  const boxes = [...leftBoxes, ...(touched.has(HUB) ? [hub] : []), ...rightBoxes];
  const arrows = [...leftBoxes, ...rightBoxes].flatMap((box) => rowsOf(at(box.name, rows), box, hub));
  const onNodes = rightBoxes.filter(({ name }) => !others.includes(name));
  const frames = [
    frame(
      "control plane",
      boxes.filter(({ name }) => ["left", "middle"].includes(sideOf(name))),
      [LEFT, MIDDLE],
    ),
    frame("every node", onNodes, [RIGHT]),
  ].filter((one) => one !== undefined);
  return { height: y + height + FRAME.foot, boxes, arrows, frames };
}

/** Anyone at all, below the others. */
function below(all: readonly Connection[], { height: top, boxes }: Part): Part {
  const upwards = inLane(all, "below");
  if (upwards.length === 0) return { height: top, boxes: [], arrows: [] };
  const reached = boxes.map((box) => ({
    box,
    lines: shafts(at(box.name, upwards), box),
  }));
  const y = top + BETWEEN + LEVEL * Math.max(...reached.map(({ lines }) => levels(lines)));
  const arrows = reached.flatMap(({ box, lines }) =>
    lines.flatMap((shaft) => onShaft(shaft, { from: bottom(box), to: y, labels: top + BETWEEN / 2 })),
  );
  const bar = { ...named("anyone"), x: LEFT.x, width: RIGHT.x + RIGHT.width - LEFT.x, y, height: BAR };
  return { height: y + BAR, boxes: [bar], arrows };
}

/** Channels between components that have no place beside each other: a row of boxes for each two. */
function apart(all: readonly Connection[], top: number): Part {
  const part: Part = { height: top, boxes: [], arrows: [] };
  const pairs = Map.groupBy(inLane(all, "apart"), ({ from, to }) => JSON.stringify([from, to].sort()));
  for (const pair of pairs.values()) {
    const [{ from = "", to = "" } = {}] = pair;
    const y = part.height + BETWEEN;
    const height = leastHeight([[{ name: from, rows: pair.length }]]);
    const [one, other] = [
      { ...named(from), ...LEFT, y, height },
      { ...named(to), ...RIGHT, y, height },
    ];
    part.boxes.push(one, other);
    part.arrows.push(...rowsOf(pair, one, other));
    part.height = y + height;
  }
  return part;
}
