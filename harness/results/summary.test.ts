import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClaimResult } from "./schema.ts";
import { summarise } from "./summary.ts";
import { VERDICTS } from "./vocabulary.ts";

const verdict = fc.constantFrom(...VERDICTS);
const claim = fc.record({ verdict, expected: verdict, controls: fc.nat(5) }).map(
  ({ verdict, expected, controls }) =>
    ({
      verdict,
      expected,
      asExpected: verdict === expected,
      controls: Array(controls).fill({}),
    }) as unknown as ClaimResult,
);
const runs = fc.array(fc.record({ claims: fc.array(claim) }));

describe("summarise", () => {
  test("counts every claim once", () => {
    fc.assert(
      fc.property(runs, (some) => {
        const {
          controls: _,
          asExpected: __,
          missingEnvironment: ___,
          invariantControls: ____,
          ...counts
        } = summarise(some);
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
        expect(total).toBe(some.flatMap(({ claims }) => claims).length);
      }),
    );
  });

  test("of two halves is the sum of theirs", () => {
    fc.assert(
      fc.property(runs, runs, (some, others) => {
        const [a, b, both] = [summarise(some), summarise(others), summarise([...some, ...others])];
        expect(both.broken).toBe(a.broken + b.broken);
        expect(both.knownExposure).toBe(a.knownExposure + b.knownExposure);
        expect(both.controls).toBe(a.controls + b.controls);
        expect(both.asExpected).toBe(a.asExpected && b.asExpected);
      }),
    );
  });

  test("is not as expected where a claim gave no result", () => {
    expect(summarise([{ claims: [], lost: ["etcd-client/a"] }]).asExpected).toBe(false);
  });

  test("of nothing is as expected", () => {
    expect(summarise([])).toMatchObject({ holds: 0, controls: 0, asExpected: true });
  });
});
