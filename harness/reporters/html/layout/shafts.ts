import { type Connection, HUB, sideOf } from "./components.ts";
import { type Arrow, centre, LABEL_HEIGHT, LEVEL, label, MIDDLE, type Rectangle, ROW } from "./geometry.ts";

// Shafts: the lines that run up and down. One shaft may carry several arrows, each with its part of the line.

export interface Shaft {
  x: number;
  /** Where the labels lie: on the line, or to one side of it, for two lines beside each other. */
  labels: "on" | "left" | "right";
  connected: Connection[];
}

/** The shafts that meet a box. The API server has room on both sides, elsewhere the labels share a line. */
export function shafts(connected: readonly Connection[], box: Pick<Rectangle, "x" | "width">): Shaft[] {
  if (connected.length === 0) return [];
  const x = centre(box);
  if (connected.length === 1 || box.x !== MIDDLE.x) return [{ x, labels: "on", connected: [...connected] }];
  const half = Math.ceil(connected.length / 2);
  return [
    { x: x - ROW, labels: "left", connected: connected.slice(0, half) },
    { x: x + ROW, labels: "right", connected: connected.slice(half) },
  ];
}

/** How many labels lie one above the other. */
export function levels(of: readonly Shaft[]): number {
  return Math.max(0, ...of.map(({ connected }) => connected.length));
}

/** The arrows on a shaft, each with its part of the line; the heads are at the shaft's ends. */
export function onShaft(
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
