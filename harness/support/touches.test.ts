import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { endOfTime, exceeding, outsideClaims, recordingTouches, type Touch, touch } from "./touches.ts";

const { signal } = new AbortController();

test("a change counts for the work in whose course it is made, side by side with others", async () => {
  const [first, second]: [Touch[], Touch[]] = [[], []];
  await Promise.all([
    recordingTouches(first, signal, async () => {
      await turn();
      touch("own-objects", "POST /pods");
    }),
    recordingTouches(second, signal, async () => {
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

test("a claim whose time is up changes nothing any more; what takes back its changes may", async () => {
  const time = new AbortController();
  const touches: Touch[] = [];
  await recordingTouches(touches, time.signal, async () => {
    expect(endOfTime()).toBe(time.signal);
    time.abort(new Error("not done after 1 s"));
    expect(() => touch("node", "a file")).toThrow("not done after 1 s");
    await outsideClaims(async () => {
      await turn();
      expect(endOfTime()).toBeUndefined();
      touch("node", "the file again");
    });
  });
  expect(touches).toEqual([]);
});
