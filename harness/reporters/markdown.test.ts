import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarming, calm, reportOf, sabotaged } from "../results/sample.test-data.ts";
import { hostileText, withText } from "./hostile.test-data.ts";
import { renderMarkdown } from "./markdown.ts";

describe("report.md", () => {
  test("has a row for each channel and a column for each run", () => {
    const rows = renderMarkdown(alarming).split("\n");
    expect(rows).toContain("| Channel | default v1.37.2 | hardened v1.36.3 |");
    expect(rows).toContain("| Kubelet authentication | ✅ 1 holds | ❌ 1 broken |");
    expect(rows).toContain("| etcd clients | ✅ 2 hold | ✅ 2 hold |");
  });

  test("tells what is not as expected, then what is open, then what is outdated", () => {
    const headings = renderMarkdown(alarming).match(/^### .*/gm);
    expect(headings).toEqual(["### Not as expected", "### Known exposures", "### Outdated documentation"]);
    expect(renderMarkdown(calm)).not.toContain("Not as expected");
  });

  test("shows expected and observed of the controls that were not ok", () => {
    expect(renderMarkdown(alarming)).toContain(
      "| refused by authentication, 401 | refused by authorization, 403:",
    );
  });

  test("keeps its lines, tables and tags whatever a cluster says", () => {
    const skeleton = (markdown: string) => ({
      lines: markdown.split("\n").length,
      borders: markdown.split("\n").map((line) => line.replaceAll("\\|", "").split("|").length),
      tags: markdown.match(/<[^>]*>/g),
      mentions: markdown.includes("@"),
    });
    const plain = skeleton(renderMarkdown(withText(alarming, "x")));
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(skeleton(renderMarkdown(withText(alarming, text)))).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  test("fits into one comment, however much there is to say", () => {
    const runs = Array.from({ length: 200 }, (_, index) => ({
      ...(alarming.runs[1] ?? calm.runs[0] ?? { claims: [] }),
      cluster: `cluster ${index}`,
    })) as typeof alarming.runs;
    const long = withText(reportOf(...runs), "<".repeat(500));
    for (const [index, run] of long.runs.entries()) {
      for (const claim of run.claims) if (claim.reason !== undefined) claim.reason = `reason ${index}`;
    }
    const markdown = renderMarkdown(long);
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toContain("the rest is in `index.html`");
  });

  test("of a kill matrix is about the mutants", () => {
    expect(renderMarkdown(sabotaged)).toContain("| kubelet-anonymous | boot | ❌ survived |");
  });
});
