import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../probe/outcome.ts";
import { type Expectation, judge } from "./expectation.ts";

const accepted = (data?: unknown, status = 200): Outcome => ({ kind: "accepted", status, summary: "", data });
const unknownCa: Outcome = { kind: "refused", layer: "tls", alert: 48, reason: "unknown ca" };
const forbidden: Outcome = {
  kind: "refused",
  layer: "authorization",
  status: 403,
  reason: "Forbidden (user=a)",
};

describe("a refusal counts from its layer, in its way", () => {
  test.each<[string, Expectation, Outcome, string]>([
    ["the layer alone", { kind: "refused", layer: "tls" }, unknownCa, "met"],
    ["its alert", { kind: "refused", layer: "tls", alert: 48 }, unknownCa, "met"],
    ["its reason", { kind: "refused", layer: "authorization", reason: /user=a/ }, forbidden, "met"],
    ["another alert", { kind: "refused", layer: "tls", alert: 116 }, unknownCa, "unmet"],
    [
      "an alert that was not sent",
      { kind: "refused", layer: "authorization", alert: 48 },
      forbidden,
      "unmet",
    ],
    ["another layer", { kind: "refused", layer: "authentication", status: 403 }, forbidden, "unmet"],
    ["another status", { kind: "refused", layer: "authorization", status: 401 }, forbidden, "unmet"],
    ["another reason", { kind: "refused", layer: "authorization", reason: /user=b/ }, forbidden, "unmet"],
    ["no refusal at all", { kind: "refused", layer: "tls" }, accepted(), "unmet"],
  ])("%s", (_what, expected, observed, judgement) => {
    expect(judge(expected, observed)).toBe(judgement);
  });
});

describe("an answer counts when it shows what it must", () => {
  const says = (look: (data: { a: { b: unknown } }) => unknown): Expectation => ({
    kind: "accepted",
    where: (data) => look(data as { a: { b: unknown } }) as boolean,
  });
  test.each<[string, Expectation, Outcome, string]>([
    ["any answer", { kind: "accepted" }, accepted(), "met"],
    ["its status", { kind: "accepted", status: 201 }, accepted(undefined, 201), "met"],
    ["another status", { kind: "accepted", status: 201 }, accepted(), "unmet"],
    ["what is there", says(({ a }) => a.b === 1), accepted({ a: { b: 1 } }), "met"],
    ["what is not there", says(({ a }) => a.b === 1), accepted({ a: { b: 2 } }), "unmet"],
    ["a field that is missing", says(({ a }) => a.b), accepted({ a: {} }), "unmet"],
    ["an answer of another shape", says(({ a }) => a.b === 1), accepted("text"), "unmet"],
    ["a refusal", { kind: "accepted" }, forbidden, "unmet"],
  ])("%s", (_what, expected, observed, judgement) => {
    expect(judge(expected, observed)).toBe(judgement);
  });
});

test("a failure of the environment says nothing either way", () => {
  const expectation = fc.constantFrom<Expectation>({ kind: "accepted" }, { kind: "refused", layer: "tcp" });
  fc.assert(
    fc.property(expectation, fc.string(), (expected, reason) => {
      expect(judge(expected, { kind: "failed", reason })).toBe("unclear");
    }),
  );
});
