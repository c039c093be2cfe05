import { expect, test } from "vitest";
import { mutantTable } from "./mutant-table.ts";

const live = async () => async () => {};

test("shows the mutants that break a channel's claims, those in other folders last and linked", () => {
  const mutants = [
    { channel: "b", id: "theirs", does: "does that", breaks: ["b/y", "a/x"], live },
    { channel: "a", id: "ours", does: "does this", breaks: ["a/x", "a/z", "b/y"], patch: "" },
    { channel: "a", id: "idle", does: "does little", breaks: ["a/x"], equivalent: "it is so", patch: "" },
    { channel: "b", id: "elsewhere", does: "does more", breaks: ["b/y"], live },
  ];
  expect(mutantTable("a", mutants)).toBe(
    [
      "| mutant | kind | what it does | breaks |",
      "|---|---|---|---|",
      "| `ours` | boot | does this | `x`, `z` |",
      "| `idle` | boot | does little | proved to change nothing: it is so |",
      "| [`theirs`](../b/mutants.ts) | live | does that | `x` |",
      "",
    ].join("\n"),
  );
});
