import { expect, test } from "vitest";
import { controlName, coverageInWords, coverageOf } from "./coverage.ts";
import type { ClaimResult, ControlResult, MutantResult } from "./schema.ts";

const control = (name: string, more: Partial<ControlResult> = {}) =>
  ({ name, kind: "negative", ...more }) as ControlResult;
const claim = (id: string, ...controls: ControlResult[]) => ({ id, controls }) as ClaimResult;

test("a control has one name, on whichever node it runs", () => {
  expect(controlName(control("x, on a", { instance: { of: "x", nodes: ["a"] } }))).toBe("x");
  expect(controlName(control("x", { after: "after a change" }))).toBe("x, after a change");
});

test("a negative control is killed, invariant, or neither, and counted once", () => {
  const mutants = [{ id: "m", kills: [{ claim: "a/b", control: "x" }] }] as MutantResult[];
  const claims = [
    claim(
      "a/b",
      control("x"),
      control("y", { invariant: "Go checks it" }),
      control("p", { kind: "positive" }),
    ),
    claim("a/b", control("x")),
    claim("a/c", control("x")),
  ];
  const coverage = coverageOf(claims, mutants);
  expect(coverage).toEqual([
    { claim: "a/b", control: "x", killedBy: ["m"] },
    { claim: "a/b", control: "y", killedBy: [], invariant: "Go checks it" },
    { claim: "a/c", control: "x", killedBy: [] },
  ]);
  expect(coverageInWords(coverage)).toBe("3 negative controls: 1 killed, 1 invariant, 1 neither");
});
