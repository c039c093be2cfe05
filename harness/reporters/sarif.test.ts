import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarming, calm, reportOf, sabotaged } from "../results/sample.test-data.ts";
import type { Report } from "../results/schema.ts";
import { hostileText, withText } from "./hostile.test-data.ts";
import { renderSarif } from "./sarif.ts";

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
    }[];
  }[];
}

function sarif(report: Report) {
  const log = JSON.parse(renderSarif(report)) as Sarif;
  const [run] = log.runs;
  return { rules: run?.tool.driver.rules ?? [], results: run?.results ?? [] };
}

describe("report.sarif", () => {
  test("has a result for each claim that is not as expected or a known exposure, worst first", () => {
    expect(sarif(alarming).results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["kubelet-authn/anonymous-refused", "error"],
      ["csr-signing/unapproved-unsigned", "warning"],
      ["etcd-peer/write-is-replicated", "warning"],
      ["kubelet-serving/rogue-kubelet-refused", "warning"],
    ]);
  });

  test("refers to rules by their place", () => {
    const { rules, results } = sarif(alarming);
    expect(results.map(({ ruleIndex }) => rules[ruleIndex]?.id)).toEqual(results.map(({ ruleId }) => ruleId));
  });

  test.each([
    ["clusters/default.yaml", "clusters/default.yaml"],
    ["my clusters/a#b.yaml", "my%20clusters/a%23b.yaml"],
    ["/home/me/my kind.yaml", "file:///home/me/my%20kind.yaml"],
  ])("lies at the config: %s", (config, uri) => {
    const [run] = calm.runs;
    const { results } = sarif(run ? reportOf({ ...run, config }) : calm);
    expect(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri);
  });

  test("is JSON whatever a cluster says", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(sarif(withText(alarming, text)).results).toHaveLength(4);
      }),
      { numRuns: 50 },
    );
  });

  test("of sabotaged clusters has no results", () => {
    expect(sarif(sabotaged).results).toEqual([]);
  });
});
