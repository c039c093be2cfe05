import type { KnownChannel } from "../../results/channel.ts";
import { COMPONENTS, type Connection, connections, HUB, sideOf } from "./components.ts";

// Where things stand in the drawing, in units of its own (about a CSS pixel each on a wide screen). What the API server
// rests on is to its left, the nodes to its right. Every arrow has a row or a shaft to itself, and the boxes grow with
// the number of their arrows; a component without an arrow is not drawn.

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Box extends Rectangle {
  name: string;
  detail?: string | undefined;
}

export interface Frame extends Rectangle {
  name: string;
  /** The middle of its name, where no arrow passes. */
  nameX: number;
}

interface Point {
  x: number;
  y: number;
}

/** A channel's line, which runs to the right or downwards, and its label on that line. */
export interface Arrow {
  channel: KnownChannel;
  start: Point;
  end: Point;
  /** At which ends there is a head. */
  heads: { start: boolean; end: boolean };
  label: Rectangle & { text: string };
}

export interface Layout {
  width: number;
  height: number;
  frames: Frame[];
  boxes: Box[];
  arrows: Arrow[];
}

const WIDTH = 980;
const LEFT = { x: 17, width: 166 };
const MIDDLE = { x: 424, width: 136 };
const RIGHT = { x: 801, width: 166 };

const MARGIN = 14;
const ROW = 38; // a label and the space around it
const LEVEL = 34; // labels one above the other on a shaft
const BETWEEN = 16; // boxes of a column
const BOX = 48; // the least height of a box: its name and what it is
const BAR = 40;
const FRAME = { head: 28, foot: 22, side: 7 };
export const LABEL_HEIGHT = 26;
const LONGEST_LABEL = 24;

const centre = ({ x, width }: Pick<Rectangle, "x" | "width">) => x + width / 2;
const bottom = ({ y, height }: Rectangle) => y + height;

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
  const boxTop = { y: MARGIN, height: BOX };
  const from = bottom({ x: 0, width: 0, ...boxTop });
  const height = from + MARGIN + LEVEL * Math.max(levels(hub), levels(peers));
  const arrows = [...hub, ...peers].flatMap((shaft) =>
    onShaft(shaft, { from, to: height + FRAME.head, labels: from + MARGIN }),
  );
  const boxes: Box[] = [];
  if (toHub.length > 0) {
    const width = 304;
    boxes.push({ ...named("clients"), x: centre(MIDDLE) - width / 2, width, ...boxTop });
  }
  if (toPeers.length > 0) boxes.push({ name: "etcd", detail: "on other members", ...LEFT, ...boxTop });
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

function named(name: string): Pick<Box, "name" | "detail"> {
  return { name, detail: COMPONENTS.find((component) => component.name === name)?.detail };
}

// Columns of boxes, and rows of arrows

interface Stacked {
  name: string;
  /** The number of its arrows. */
  rows: number;
}

const boxHeight = ({ rows }: Stacked) => Math.max(BOX, rows * ROW);
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

/** Groups of boxes stand one above the other; below each but the last begins a frame. */
function leastHeight(groups: readonly Stacked[][]): number {
  const gaps = groups
    .filter((group) => group.length > 0)
    .map((group) => sum(group.map(boxHeight)) + BETWEEN * (group.length - 1));
  return sum(gaps) + (BETWEEN + FRAME.head) * Math.max(0, gaps.length - 1);
}

/** The boxes of a column that fills a height: what is left over goes to the boxes by the number of their arrows. */
function column(groups: readonly Stacked[][], { x, width }: typeof LEFT, top: number, height: number): Box[] {
  const weight = ({ rows }: Stacked) => Math.max(1, rows);
  const spare = (height - leastHeight(groups)) / Math.max(1, sum(groups.flat().map(weight)));
  let y = top;
  return groups.flatMap((group) => {
    const boxes = group.map((stacked) => {
      const box: Box = {
        ...named(stacked.name),
        x,
        width,
        y,
        height: boxHeight(stacked) + spare * weight(stacked),
      };
      y = bottom(box) + BETWEEN;
      return box;
    });
    if (group.length > 0) y += FRAME.head;
    return boxes;
  });
}

/** The arrows between two boxes that stand side by side, each in a row of the first one. */
function rowsOf(connected: readonly Connection[], of: Box, to: Box): Arrow[] {
  const [left, right] = of.x < to.x ? [of, to] : [to, of];
  const pitch = of.height / connected.length;
  return connected.map(({ channel, from }, index) => {
    const y = of.y + pitch * (index + 0.5);
    const [start, end] = [left.x + left.width, right.x];
    const rightwards = from === left.name;
    const middle = { x: (start + end) / 2, y };
    return {
      channel,
      start: { x: start, y },
      end: { x: end, y },
      heads: { start: !rightwards, end: rightwards },
      label: label(channel, middle.x, y - LABEL_HEIGHT / 2),
    };
  });
}

// Shafts: what runs up and down

interface Shaft {
  x: number;
  /** Where the labels lie: on the line, or to one side of it, for two lines beside each other. */
  labels: "on" | "left" | "right";
  connected: Connection[];
}

/** The shafts that meet a box. The API server has room on both sides, elsewhere the labels share a line. */
function shafts(connected: readonly Connection[], box: Pick<Rectangle, "x" | "width">): Shaft[] {
  if (connected.length === 0) return [];
  const x = centre(box);
  if (connected.length === 1 || box.x !== MIDDLE.x) return [{ x, labels: "on", connected: [...connected] }];
  const half = Math.ceil(connected.length / 2);
  return [
    { x: x - ROW, labels: "left", connected: connected.slice(0, half) },
    { x: x + ROW, labels: "right", connected: connected.slice(half) },
  ];
}

function levels(of: readonly Shaft[]): number {
  return Math.max(0, ...of.map(({ connected }) => connected.length));
}

/** The arrows on a shaft, each with its part of the line; the heads are at the shaft's ends. */
function onShaft(
  { x, labels, connected }: Shaft,
  { from, to, labels: top }: { from: number; to: number; labels: number },
): Arrow[] {
  const last = connected.length - 1;
  const border = (index: number) => top + LEVEL * index - (LEVEL - LABEL_HEIGHT) / 2;
  const points = (up: boolean) => connected.some((one) => one.from === one.to || pointsUp(one) === up);
  return connected.map(({ channel }, index) => ({
    channel,
    start: { x, y: index === 0 ? from : border(index) },
    end: { x, y: index === last ? to : border(index + 1) },
    heads: { start: index === 0 && points(true), end: index === last && points(false) },
    label: label(channel, x, top + LEVEL * index, labels),
  }));
}

/** From anyone up to a box, or from the API server up to a client. */
function pointsUp({ from, lane }: Connection): boolean {
  return sideOf(from) === "below" || (lane === "above" && from === HUB);
}

function label({ title }: KnownChannel, x: number, y: number, side: Shaft["labels"] = "on"): Arrow["label"] {
  const text = title.length > LONGEST_LABEL ? `${title.slice(0, LONGEST_LABEL - 1)}…` : title;
  const width = 36 + 7 * text.length;
  const overlap = 20; // how far it reaches over its line on the other side
  const wanted = { on: x - width / 2, left: x + overlap - width, right: x - overlap }[side];
  return { text, x: Math.min(Math.max(wanted, 6), WIDTH - 6 - width), y, width, height: LABEL_HEIGHT };
}

/** Around its boxes, and as wide as their columns. */
function frame(name: string, boxes: readonly Box[], across: readonly (typeof LEFT)[]): Frame | undefined {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...across.map((one) => one.x)) - FRAME.side;
  const right = Math.max(...across.map((one) => one.x + one.width)) + FRAME.side;
  const y = Math.min(...boxes.map((box) => box.y)) - FRAME.head;
  const height = Math.max(...boxes.map(bottom)) + FRAME.foot - y;
  // Shafts come down in the middle of a column: a name that spans several stands between the first two.
  const [first = LEFT, second] = across;
  const nameX = second ? (first.x + first.width + second.x) / 2 : centre(first);
  return { name, x, y, width: right - x, height, nameX };
}
