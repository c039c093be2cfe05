import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentMatches, settingMatches } from "./setting-matches.ts";

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

describe("what is not written down has its zero value", () => {
  test.each([[0], [false], [""], ["0s"], [[]], [{}], [{ a: { b: 0 } }], [null]])("%j", (zero) => {
    expect(settingMatches(undefined, zero)).toBe(true);
  });
  test.each([[1], [true], ["a"], ["false"], ["1s"], [[0]], [{ a: { b: 1 } }]])("%j is none", (value) => {
    expect(settingMatches(undefined, value)).toBe(false);
  });
  test("and what is asked to go may be there as zero, and nothing else", () => {
    expect([settingMatches({ a: 0 }, null), settingMatches({ a: 1 }, null)]).toEqual([true, false]);
  });
});

test("an object is no scalar, whatever its fields are called", () => {
  expect(settingMatches([{ toString: "" }, "a"], ["a"])).toBe(true);
});

const value = fc.jsonValue({ maxDepth: 3 });

test("everything satisfies itself, and what was found may hold more", () => {
  fc.assert(
    fc.property(value, value, (asked, more) => {
      expect(settingMatches(asked, asked)).toBe(true);
      expect(settingMatches({ asked, more }, { asked })).toBe(true);
      expect(settingMatches([more, asked], [asked])).toBe(true);
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
  const found: [string | undefined, unknown][] = [
    [undefined, null],
    [undefined, ""],
    [undefined, "0s"],
    ["", null],
    ["", ""],
    ["1h0m0s", "1h"],
  ];
  const landed = found.map(([found, asked]) => argumentMatches(found, asked));
  expect(landed).toEqual([true, false, false, false, true, true]);
});
