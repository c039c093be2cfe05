import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BootError,
  EnvironmentError,
  InterruptedError,
  oneLine,
  PlaneproofError,
  UsageError,
} from "./errors.ts";

test("an error tells its facts, a line each, in one order", () => {
  const facts = { remedy: "look", found: "a\nb", expected: "c", where: "here", cause: new Error("root") };
  const error = new BootError("It failed.", facts);
  expect(error.message).toBe(`It failed.
  where:    here
  expected: c
  found:    a
            b
  what now: look`);
  expect([error.name, error.cause]).toEqual(["BootError", facts.cause]);
  expect(new UsageError("Only this.").message).toBe("Only this.");
});

test("each kind of error has its exit code", () => {
  const kinds = [PlaneproofError, UsageError, EnvironmentError, BootError, InterruptedError];
  expect(kinds.map((Kind) => new Kind("x").exitCode)).toEqual([3, 2, 3, 3, 130]);
});

test("whatever is thrown becomes one short line", () => {
  const text = fc.string();
  const anything = fc.oneof(
    text,
    text.map((words) => new Error(words)),
    fc.constantFrom(null, undefined, 0),
  );
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 50 }), (thrown, limit) => {
      const line = oneLine(thrown, limit);
      expect(line.length).toBeLessThanOrEqual(limit);
      expect(line).not.toMatch(/[\n\t]/);
    }),
  );
  expect(oneLine(new Error(" a\n\tb "))).toBe("a b");
});
