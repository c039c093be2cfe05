import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarming, calm } from "../results/sample.test-data.ts";
import { hostileText, withText } from "./hostile.test-data.ts";
import { type Terminal, terminalReport } from "./terminal.ts";

const show = (report: typeof calm, on: Terminal) => terminalReport(report, { out: "some/where", on });
const terminal = (columns: number, colours = true): Terminal => ({
  isTTY: true,
  columns,
  hasColors: () => colours,
});
const ESCAPE = "\u001b";

describe("the table on a terminal", () => {
  test("has colour on a terminal, and none elsewhere or where it is not wanted (NO_COLOR)", () => {
    expect(show(calm, terminal(100))).toContain(ESCAPE);
    expect(show(calm, terminal(100, false))).not.toContain(ESCAPE);
    expect(show(calm, { isTTY: false, hasColors: () => true })).not.toContain(ESCAPE);
    expect(show(calm, {})).not.toContain(ESCAPE);
  });

  test.each([60, 80, 100, 200])("fits into %i columns, but for words that are longer", (columns) => {
    const lines = stripVTControlCharacters(show(alarming, terminal(columns))).split("\n");
    const tooLong = lines.filter((line) => line.length > columns);
    expect(tooLong.filter((line) => !/^ *\S*https?:\S+$/.test(line))).toEqual([]);
  });

  test("cuts nothing where there is no terminal", () => {
    expect(show(calm, {})).not.toContain("…");
  });

  test("has a line for each claim", () => {
    const text = show(calm, {});
    for (const { id } of calm.runs[0]?.claims ?? []) expect(text).toContain(id.split("/")[1]);
  });

  test("shows what is not as expected with its controls, and where the report is", () => {
    const text = show(alarming, {});
    expect(text).toContain("✗ BROKEN  kubelet-authn/anonymous-refused");
    expect(text).toContain("expected  refused by authentication, 401");
    expect(text).toContain("observed  refused by authorization, 403: Forbidden (user=system:anonymous");
    expect(text).toContain("The report: some/where/index.html");
  });

  test("says a known exposure as loudly, and once more at the end", () => {
    const lines = show(calm, {}).trimEnd().split("\n");
    expect(lines).toContain("    ▲ KNOWN EXPOSURE  kubelet-serving/rogue-kubelet-refused");
    expect(lines.slice(-2)[0]).toBe(
      "  ▲ kubelet-serving/rogue-kubelet-refused  known exposure on default v1.37.2",
    );
  });

  test("obeys no control character of a cluster's", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(show(withText(alarming, text), {})).toMatch(/^(?:[^\p{Cc}\u202e]|\n)*$/u);
      }),
      { numRuns: 50 },
    );
  });
});
