import fc from "fast-check";
import { expect, test } from "vitest";
import { type JudgedControl, verdictOf } from "./verdict.ts";

const controls = fc.array(
  fc.record<JudgedControl>({
    kind: fc.constantFrom("positive", "negative", "observation"),
    judgement: fc.constantFrom("met", "unmet", "unclear"),
  }),
  { maxLength: 6 },
);

test("nothing holds without a positive and a negative control that were met, and all the others too", () => {
  fc.assert(
    fc.property(controls, (ran) => {
      const met = (kind: string) => ran.some((one) => one.kind === kind && one.judgement === "met");
      const all = ran.every(({ judgement }) => judgement === "met");
      expect(verdictOf(ran) === "holds").toBe(met("positive") && met("negative") && all);
    }),
  );
});

test("a single control that was not met breaks a claim, whatever the others were and in whatever order", () => {
  fc.assert(
    fc.property(controls, fc.nat(), (ran, at) => {
      const place = at % (ran.length + 1);
      const unmet: JudgedControl = { kind: "negative", judgement: "unmet" };
      expect(verdictOf([...ran.slice(0, place), unmet, ...ran.slice(place)])).toBe("broken");
    }),
  );
});

test("controls that are only unclear or too few leave the question open", () => {
  expect(verdictOf([])).toBe("inconclusive");
  expect(verdictOf([{ kind: "positive", judgement: "met" }])).toBe("inconclusive");
  const observation: JudgedControl = { kind: "observation", judgement: "met" };
  expect(verdictOf([observation, { kind: "negative", judgement: "met" }])).toBe("inconclusive");
  const unclear: JudgedControl[] = ["positive", "negative"].map(
    (kind) => ({ kind, judgement: "unclear" }) as JudgedControl,
  );
  expect(verdictOf(unclear)).toBe("inconclusive");
});
