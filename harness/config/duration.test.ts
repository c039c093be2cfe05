import { expect, test } from "vitest";
import { secondsOf } from "./duration.ts";

test.each([
  ["5m0s", 300],
  ["1h30m", 5400],
  ["0s", 0],
  ["1.5s", 1.5],
  ["200ms", 0.2],
  ["for ever", Number.NaN],
])("the seconds in %s", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});
