import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Channel } from "../../../results/channel.ts";
import { channels } from "../../../results/sample.test-data.ts";
import { COMPONENTS } from "./components.ts";
import type { Arrow, Rectangle } from "./geometry.ts";
import { type Layout, layout } from "./layout.ts";

const known = COMPONENTS.map(({ name }) => name);
const component = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...known) },
  fc.constantFrom("webhooks", "a component with a long name"),
);
const someChannels = fc
  .array(
    fc.record({ from: component, to: component, title: fc.nat(40).map((more) => "m".repeat(1 + more)) }),
    {
      maxLength: 30,
    },
  )
  .map((ends) => ends.map((one, index): Channel => ({ id: `channel-${index}`, summary: "x", ...one })));

/** What a line covers, a little wider than it is drawn. */
const lineOf = ({ start, end }: Arrow): Rectangle => ({
  x: start.x - (start.x === end.x ? 2 : 0),
  y: start.y - (start.y === end.y ? 2 : 0),
  width: end.x - start.x || 4,
  height: end.y - start.y || 4,
});

const around = ({ x, y }: Arrow["start"], reach: number): Rectangle => ({
  x: x - reach,
  y: y - reach,
  width: 2 * reach,
  height: 2 * reach,
});

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function overlapping(some: readonly Rectangle[]): Rectangle[][] {
  return some.flatMap((one, index) =>
    some
      .slice(index + 1)
      .filter((other) => overlap(one, other))
      .map((other) => [one, other]),
  );
}

/** What of a layout lies upon something else, or outside. */
function faults({ width, height, boxes, arrows, frames }: Layout): unknown[] {
  const labels = arrows.map(({ label }) => label);
  const lines = arrows.map(lineOf);
  const outside = [...boxes, ...labels, ...lines, ...frames].filter(
    (one) => one.x < 0 || one.y < 0 || one.x + one.width > width || one.y + one.height > height,
  );
  const crossed = arrows.flatMap(({ label }, index) =>
    lines.filter((line, of) => of !== index && overlap(label, line)).map((line) => [label, line]),
  );
  const offItsLine = arrows.filter((arrow) => !overlap(arrow.label, lineOf(arrow)));
  const hiddenHead = arrows.filter(({ heads, start, end, label }) =>
    [heads.start && start, heads.end && end].some((tip) => tip && overlap(label, around(tip, 10))),
  );
  return [
    outside,
    overlapping([...boxes, ...labels]),
    overlapping([...boxes, ...lines]),
    crossed,
    offItsLine,
    hiddenHead,
  ].flat();
}

describe("the drawing's layout", () => {
  test("of any channels has no two arrows, labels or boxes upon each other, and nothing outside", () => {
    fc.assert(
      fc.property(someChannels, (some) => {
        expect(faults(layout(some))).toEqual([]);
      }),
    );
  });

  test("draws every channel once, and the boxes that it runs between", () => {
    fc.assert(
      fc.property(someChannels, (some) => {
        const { arrows, boxes } = layout(some);
        expect(arrows.map(({ channel }) => channel.id).sort()).toEqual(some.map(({ id }) => id).sort());
        const drawn = new Set(boxes.map(({ name }) => name));
        expect([...drawn].sort()).toEqual([...new Set(some.flatMap(({ from, to }) => [from, to]))].sort());
      }),
    );
  });

  test("gives every arrow a head, at the end that its channel goes to", () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.constantFrom(...known), (from, to) => {
        const { boxes, arrows } = layout([{ id: "one", title: "One", from, to, summary: "x" }]);
        const [arrow] = arrows;
        if (!arrow) throw new Error("no arrow");
        const touches = (end: "start" | "end") => {
          const box = boxes.findLast((box) => overlap(around(arrow[end], 1), box));
          return box?.name;
        };
        if (from !== to) expect(arrow.heads.start).toBe(!arrow.heads.end);
        expect(touches(arrow.heads.end ? "end" : "start")).toBe(to);
        expect(touches(arrow.heads.end ? "start" : "end")).toBe(from);
      }),
    );
  });

  test("draws what a channel says is drawn, instead of its ends", () => {
    const drawn = { from: "clients", to: "API server" };
    const { boxes } = layout([
      { id: "a", title: "A", from: "authorizers", to: "API server", summary: "x", drawn },
    ]);
    expect(boxes.map(({ name }) => name)).toEqual(["clients", "API server"]);
  });

  test("leaves out what it cannot draw, and a component without an arrow", () => {
    expect(layout([{ id: "unknown", title: "unknown" }])).toMatchObject({
      boxes: [],
      arrows: [],
      frames: [],
    });
    expect(layout(channels).boxes.map(({ name }) => name)).not.toContain("aggregator");
  });

  test("gives an outsider's component that talks to the API server a box beside it, outside the nodes", () => {
    const outside: Channel = { id: "x", title: "X", from: "API server", to: "webhooks", summary: "x" };
    const { boxes, frames } = layout([...channels, outside]);
    const box = boxes.find(({ name }) => name === "webhooks");
    expect(box && frames.filter((frame) => overlap(frame, box))).toEqual([]);
  });
});
