import type { KnownChannel } from "../../../results/channel.ts";

// Shapes and measures of the drawing, in units of its own: about a CSS pixel each on a wide screen.

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

export const WIDTH = 980;
export const LEFT = { x: 17, width: 166 };
export const MIDDLE = { x: 424, width: 136 };
export const RIGHT = { x: 801, width: 166 };

export const MARGIN = 14;
export const ROW = 38; // a label and the space around it
export const LEVEL = 34; // labels one above the other on a shaft
export const BETWEEN = 16; // boxes of a column
export const BOX = 48; // the least height of a box: its name and what it is
export const BAR = 40;
export const FRAME = { head: 28, foot: 22, side: 7 };
export const LABEL_HEIGHT = 26;

export const centre = ({ x, width }: Pick<Rectangle, "x" | "width">) => x + width / 2;
export const bottom = ({ y, height }: Pick<Rectangle, "y" | "height">) => y + height;

const LONGEST_LABEL = 24;

/** A label on a line at `x`; for two lines beside each other, to one side of it. Its text is cut where it is too long. */
export function label(
  { title }: KnownChannel,
  x: number,
  y: number,
  side: "on" | "left" | "right" = "on",
): Arrow["label"] {
  const text = title.length > LONGEST_LABEL ? `${title.slice(0, LONGEST_LABEL - 1)}…` : title;
  const width = 36 + 7 * text.length;
  const overlap = 20; // how far it reaches over its line on the other side
  const wanted = { on: x - width / 2, left: x + overlap - width, right: x - overlap }[side];
  return { text, x: Math.min(Math.max(wanted, 6), WIDTH - 6 - width), y, width, height: LABEL_HEIGHT };
}
