import { expect, test } from "vitest";
import { fieldCases, parseJudgement } from "./field-case.ts";
import { faultsOf } from "./field-judge.ts";

const broken = {
  id: "scheduler/no-secrets",
  channel: "scheduler",
  verdict: "broken",
  asExpected: false,
} as const;
const unclear = { ...broken, id: "general/x", channel: "general", verdict: "inconclusive" } as const;

test("every config of examples/field says how it is to be judged", () => {
  expect(fieldCases().length).toBeGreaterThanOrEqual(30);
});

test("a judgement that does not parse is an error", () => {
  for (const text of ["", "fine", "ok scheduler", "broken", "error"])
    expect(() => parseJudgement(text, "kind.yaml")).toThrow("how it is to be judged");
});

test.each([
  ["ok", { exitCode: 0, said: "", claims: [] }, []],
  [
    "ok",
    { exitCode: 1, said: "", claims: [unclear] },
    ["exit code 1 instead of 0", "general/x is inconclusive: "],
  ],
  ["broken scheduler", { exitCode: 1, said: "", claims: [broken] }, []],
  ["broken scheduler/no-secrets", { exitCode: 1, said: "", claims: [broken] }, []],
  ["broken scheduler", { exitCode: 1, said: "", claims: [broken, unclear] }, ["general/x is inconclusive: "]],
  [
    "broken general",
    { exitCode: 1, said: "", claims: [broken, unclear] },
    ["general is not broken", "scheduler/no-secrets is broken: ", "general/x is inconclusive: "],
  ],
  ["error taints", { exitCode: 2, said: "…\nplaneproof: no taints", claims: [] }, []],
  [
    "error taints, name",
    { exitCode: 2, said: "taints\nplaneproof: name", claims: [] },
    ['the message does not say "taints": planeproof: name'],
  ],
  [
    "boot error etcd",
    { exitCode: 2, said: "\nplaneproof: etcd", claims: [] },
    ["exit code 2 instead of 3: planeproof: etcd"],
  ],
])("%s", (expects, outcome, faults) => {
  expect(faultsOf(parseJudgement(expects, "kind.yaml"), { ...outcome, claims: [...outcome.claims] })).toEqual(
    faults,
  );
});
