import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Gate, type Turn } from "./gate.ts";

const turns = fc.constantFrom<Turn>("early", "late", "alone");

test("who must be alone is alone, the others share, and everybody gets in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(turns, fc.nat(3)), { maxLength: 30 }), async (visits) => {
      const gate = new Gate();
      const inside: Turn[] = [];
      let most = 0;
      await Promise.all(
        visits.map(([when, left]) =>
          gate.pass(when, async () => {
            inside.push(when);
            expect(inside.length === 1 || !inside.includes("alone")).toBe(true);
            most = Math.max(most, inside.length);
            for (let more = left; more > 0; more--) await turn();
            inside.splice(inside.indexOf(when), 1);
          }),
        ),
      );
      expect(most).toBeLessThanOrEqual(16);
      if (visits.length > 1 && visits.every(([when, left]) => when !== "alone" && left > 0))
        expect(most).toBe(Math.min(visits.length, 16));
    }),
  );
});

test("early work is done before late work, in any order of arrival", async () => {
  const gate = new Gate();
  const order: Turn[] = [];
  const visit = (when: Turn) => gate.pass(when, async () => void order.push(when));
  await Promise.all([visit("alone"), visit("late"), visit("early")]);
  expect(order).toEqual(["early", "late", "alone"]);
});

test("work that throws lets the next one in", async () => {
  const gate = new Gate();
  await expect(gate.pass("alone", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await gate.pass("early", async () => "in")).toBe("in");
});
