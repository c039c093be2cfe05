import { expect, test } from "vitest";
import type { Run, Summary } from "../results/schema.ts";
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

const report = (summary: Summary, lost?: string[]) => ({
  summary,
  runs: lost ? [{ lost } as Run] : [],
});

test("0 where every claim is as expected", () => {
  expect(exitCode(report(good), false)).toBe(0);
  expect(exitCode(report(good), true)).toBe(0);
});

test("1 where a claim is not as expected", () => {
  expect(exitCode(report({ ...good, broken: 1, asExpected: false }), false)).toBe(1);
});

test("1 where nothing was exercised: a run that dialled nothing proves nothing", () => {
  const nothing = { ...good, holds: 0, outdated: 0, notExercised: 4, controls: 0 };
  expect(exitCode(report(nothing), false)).toBe(1);
});

test("a known exposure is as expected, and 1 under --strict", () => {
  const exposed = { ...good, knownExposure: 1 };
  expect(exitCode(report(exposed), false)).toBe(0);
  expect(exitCode(report(exposed), true)).toBe(1);
});

test("what the environment kept from being exercised is as expected, and 1 under --strict", () => {
  const missing = { ...good, missingEnvironment: 1 };
  expect(exitCode(report(missing), false)).toBe(0);
  expect(exitCode(report(missing), true)).toBe(1);
});

test("3 where a claim gave no result: that is a fault of planeproof's", () => {
  expect(exitCode(report({ ...good, asExpected: false }, ["etcd-client/own-ca"]), false)).toBe(3);
});
