import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentMatches, listHolds, settingMatches } from "./setting-matches.ts";

describe("durations are the same in whatever spelling", () => {
  test.each([
    ["1h0m0s", "1h", true],
    ["1h30m0s", "90m", true],
    ["1h6m0s", "1.1h", true],
    ["500µs", "0.5ms", true],
    ["-1m0s", "-60s", true],
    ["1m0s", "1h", false],
    ["1m0s", "-60s", false],
    ["10", "10s", false],
  ])("%s for %s: %s", (found, asked, same) => {
    expect(settingMatches(found, asked)).toBe(same);
  });

  test("as Go writes them", () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(59), fc.nat(59), (h, m, s) => {
        expect(settingMatches(`${h}h${m}m${s}s`, `${(h * 60 + m) * 60 + s}s`)).toBe(true);
      }),
    );
  });
});

test.each([[0], [false], [""], ["0s"], [[]], [{}], [null], [1], ["a"]])(
  "what is absent proves nothing: %j",
  (asked) => {
    expect([settingMatches(undefined, asked), settingMatches(null, asked)]).toEqual([false, false]);
  },
);

test("in an item of a list, what is left out has its zero value", () => {
  const taint = { key: "a", value: "", effect: "NoSchedule" };
  expect(settingMatches([{ key: "a", effect: "NoSchedule" }], [taint])).toBe(true);
  expect(settingMatches([{ key: "a" }], [taint])).toBe(false);
});

test("an object is no scalar, whatever its fields are called", () => {
  expect(settingMatches([{ toString: "" }, "a"], ["", "a"])).toBe(false);
});

const value = fc.jsonValue({ maxDepth: 3 });

test("everything but null satisfies itself, an object may hold more, and a list not", () => {
  fc.assert(
    fc.property(value, value, (asked, more) => {
      fc.pre(asked !== null && !JSON.stringify(asked).includes("null"));
      expect(settingMatches(asked, asked)).toBe(true);
      expect(settingMatches({ asked, more }, { asked })).toBe(true);
      expect(settingMatches([asked, more], [asked])).toBe(false);
      expect(listHolds([more, asked], [asked])).toBe(true);
    }),
  );
});

test("another value does not satisfy", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (found, asked) => {
      fc.pre(found !== asked && !/\d(h|m|s)$/.test(asked));
      expect(settingMatches(found, asked)).toBe(false);
      expect(settingMatches([found], [found, asked])).toBe(false);
      expect(settingMatches({ a: found }, { a: asked })).toBe(false);
    }),
  );
});

test("text and number are the same setting", () => {
  expect([settingMatches(10250, "10250"), settingMatches("true", true), settingMatches({}, "a")]).toEqual([
    true,
    true,
    false,
  ]);
});

test("an argument that was not given has its default, which no asked value proves", () => {
  const found: [string[], unknown, boolean][] = [
    [[], null, true],
    [[], "", false],
    [[], "0s", false],
    [[""], null, false],
    [[""], "", true],
    [["1h0m0s"], "1h", true],
    [["a", "b"], "b", true], // the last one counts
    [["a", "b"], ["a", "b"], true],
    [["b"], ["a", "b"], false],
  ];
  for (const [values, asked, matches] of found) expect(argumentMatches(values, asked)).toBe(matches);
});
