import { expect, test } from "vitest";
import type { Summary } from "../results/schema.ts";
import { exitCode } from "./verify.ts";

const good: Summary = {
  holds: 2,
  broken: 0,
  knownExposure: 0,
  outdated: 1,
  notExercised: 1,
  inconclusive: 0,
  controls: 8,
  asExpected: true,
};

test("0 where every claim is as expected", () => {
  expect(exitCode(good, false)).toBe(0);
  expect(exitCode(good, true)).toBe(0);
});

test("1 where a claim is not as expected", () => {
  expect(exitCode({ ...good, broken: 1, asExpected: false }, false)).toBe(1);
});

test("1 where nothing was exercised: a run that dialled nothing proves nothing", () => {
  const nothing = { ...good, holds: 0, outdated: 0, notExercised: 4, controls: 0 };
  expect(exitCode(nothing, false)).toBe(1);
});

test("a known exposure is as expected, and 1 under --strict", () => {
  const exposed = { ...good, knownExposure: 1 };
  expect(exitCode(exposed, false)).toBe(0);
  expect(exitCode(exposed, true)).toBe(1);
});
