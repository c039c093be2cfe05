import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { exceeding, recordingTouches, type Touch, touch } from "./touches.ts";

test("a change counts for the work in whose course it is made, side by side with others", async () => {
  const [first, second]: [Touch[], Touch[]] = [[], []];
  await Promise.all([
    recordingTouches(first, async () => {
      await turn();
      touch("own-objects", "POST /pods");
    }),
    recordingTouches(second, async () => {
      touch("node", "a file");
      await turn();
    }),
  ]);
  touch("node", "by nobody");
  expect(first).toEqual([{ touches: "own-objects", what: "POST /pods" }]);
  expect(second).toEqual([{ touches: "node", what: "a file" }]);
});

test("what was declared covers what is less, and not what is more", () => {
  const made: Touch = { touches: "own-objects", what: "POST /pods" };
  expect(exceeding("nothing", [made])).toBe(made);
  expect(exceeding("own-objects", [made])).toBeUndefined();
  expect(exceeding("node", [made])).toBeUndefined();
  expect(exceeding("nothing", [])).toBeUndefined();
});
