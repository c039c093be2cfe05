import { describe, expect, test } from "vitest";
import { headline, inOneSentence } from "./headline.ts";
import { alarming, calm, reportOf, sabotaged } from "./sample.test-data.ts";
import type { Report } from "./schema.ts";

const sentence = (report: Report) => inOneSentence(headline(report));
const [run] = calm.runs;

describe("the answer in one sentence", () => {
  test("names a known exposure as the exception that it is", () => {
    expect(sentence(calm)).toBe(
      "All 17 channels are locked and work, except for 1 known exposure: 15 claims hold, 2 documented sentences are outdated, 1 not exercised.",
    );
  });

  test("begins with what is broken", () => {
    expect(sentence(alarming)).toMatch(
      /^1 claim is broken in “Kubelet authentication”, 1 claim got no answer/,
    );
  });

  test("speaks of one channel by name", () => {
    const claims = run?.claims.filter(({ channel }) => channel === "etcd-client") ?? [];
    expect(sentence(run ? reportOf({ ...run, claims }) : calm)).toBe(
      "The channel “etcd clients” is locked and works: 2 claims hold.",
    );
  });

  test("counts a claim once, as it stands on the cluster where it is worst", () => {
    const hardened = run?.claims.map((claim) =>
      claim.expected === "broken"
        ? { ...claim, verdict: "holds" as const, expected: "holds" as const, asExpected: true }
        : claim,
    );
    const both = run && hardened ? reportOf(run, { ...run, cluster: "hardened", claims: hardened }) : calm;
    expect(sentence(both)).toBe(
      "All 17 channels are locked and work on 2 clusters, except for 1 known exposure: 15 claims hold, 2 documented sentences are outdated, 1 not exercised.",
    );
  });

  test("does not call good what was not tried", () => {
    const claims = run?.claims.filter(({ verdict }) => verdict === "not-exercised") ?? [];
    expect(sentence(run ? reportOf({ ...run, claims }) : calm)).toMatch(/^Nothing was exercised/);
    expect(sentence(reportOf())).toMatch(/^Nothing was exercised/);
  });

  test("of a kill matrix is about the mutants", () => {
    expect(sentence(sabotaged)).toBe("1 of 3 mutants survived: 1 proved to change nothing.");
  });
});
