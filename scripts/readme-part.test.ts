import { describe, expect, test } from "vitest";
import { filled } from "./readme-part.ts";

const readme = (part: string) => `# A\n\n<!-- claims -->\n${part}<!-- /claims -->\n\nB <!-- claims -->\n`;

test("replaces what stands between the marks, and nothing else", () => {
  const wanted = readme("\n| a |\n\n");
  expect(filled(readme(""), "claims", "| a |\n")).toBe(wanted);
  expect(filled(readme("| old |\n| older |\n"), "claims", "| a |\n")).toBe(wanted);
  expect(filled(wanted, "claims", "| a |\n")).toBe(wanted);
});

describe("leaves a text alone that", () => {
  test.each([
    ["has no marks", "# A\n"],
    ["has one", "<!-- claims -->\n"],
    ["has them the wrong way round", "<!-- /claims -->\n<!-- claims -->\n"],
    ["has them twice", `${readme("")}${readme("")}`],
    ["has the first one twice", "<!-- claims -->\n<!-- claims -->\n"],
    ["has another's", "<!-- mutants -->\n<!-- /mutants -->\n"],
  ])("%s", (_what, text) => {
    expect(filled(text, "claims", "x")).toBeUndefined();
  });
});
