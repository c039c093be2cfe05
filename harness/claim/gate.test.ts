import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Gate } from "./gate.ts";

test("who must be alone is alone, the others share, and everybody gets in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.nat(3)), { maxLength: 20 }), async (visits) => {
      const gate = new Gate();
      const inside: boolean[] = [];
      let most = 0;
      await Promise.all(
        visits.map(([alone, turns]) =>
          gate.pass(alone, async () => {
            inside.push(alone);
            expect(inside.length === 1 || !inside.includes(true)).toBe(true);
            most = Math.max(most, inside.length);
            for (let left = turns; left > 0; left--) await turn();
            inside.splice(inside.indexOf(alone), 1);
          }),
        ),
      );
      if (visits.length > 1 && visits.every(([alone, turns]) => !alone && turns > 0))
        expect(most).toBe(visits.length);
    }),
  );
});

test("work that throws lets the next one in", async () => {
  const gate = new Gate();
  await expect(gate.pass(true, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await gate.pass(false, async () => "in")).toBe("in");
});
