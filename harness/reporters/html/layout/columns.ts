import { COMPONENTS, type Connection } from "./components.ts";
import {
  type Arrow,
  BETWEEN,
  BOX,
  type Box,
  bottom,
  centre,
  FRAME,
  type Frame,
  LABEL_HEIGHT,
  label,
  ROW,
} from "./geometry.ts";

// Columns of boxes, with the rows of arrows between them.

/** A column's place from left to right. */
type Across = Pick<Box, "x" | "width">;

/** A box that is to be placed. */
export interface Stacked {
  name: string;
  /** The number of its arrows. */
  rows: number;
}

const boxHeight = ({ rows }: Stacked) => Math.max(BOX, rows * ROW);
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

/** Groups of boxes stand one above the other; below each but the last begins a frame. */
export function leastHeight(groups: readonly Stacked[][]): number {
  const gaps = groups
    .filter((group) => group.length > 0)
    .map((group) => sum(group.map(boxHeight)) + BETWEEN * (group.length - 1));
  return sum(gaps) + (BETWEEN + FRAME.head) * Math.max(0, gaps.length - 1);
}

/** The boxes of a column that fills a height: what is left over goes to the boxes by the number of their arrows. */
export function column(
  groups: readonly Stacked[][],
  { x, width }: Across,
  top: number,
  height: number,
): Box[] {
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
export function rowsOf(connected: readonly Connection[], of: Box, to: Box): Arrow[] {
  const [left, right] = of.x < to.x ? [of, to] : [to, of];
  const pitch = of.height / connected.length;
  return connected.map(({ channel, from }, index) => {
    const y = of.y + pitch * (index + 0.5);
    const [start, end] = [left.x + left.width, right.x];
    const rightwards = from === left.name;
    return {
      channel,
      start: { x: start, y },
      end: { x: end, y },
      heads: { start: !rightwards, end: rightwards },
      label: label(channel, (start + end) / 2, y - LABEL_HEIGHT / 2),
    };
  });
}

/** A box's name, with what the drawing knows about it. */
export function named(name: string): Pick<Box, "name" | "detail"> {
  return { name, detail: COMPONENTS.find((component) => component.name === name)?.detail };
}

/** Around its boxes, and as wide as their columns. */
export function frame(
  name: string,
  boxes: readonly Box[],
  across: readonly [Across, ...Across[]],
): Frame | undefined {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...across.map((one) => one.x)) - FRAME.side;
  const right = Math.max(...across.map((one) => one.x + one.width)) + FRAME.side;
  const y = Math.min(...boxes.map((box) => box.y)) - FRAME.head;
  const height = Math.max(...boxes.map(bottom)) + FRAME.foot - y;
  // Shafts come down in the middle of a column: a name that spans several stands between the first two.
  const [first, second] = across;
  const nameX = second ? (first.x + first.width + second.x) / 2 : centre(first);
  return { name, x, y, width: right - x, height, nameX };
}
