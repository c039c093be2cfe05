import { expect, it } from "vitest";
import { isRecentKind } from "./binary.ts";

it.each([
  ["kind version 0.33.0", true],
  ["kind version 0.33.1", true],
  ["kind version 0.34.0-alpha+1f0c3e", true],
  ["kind version 1.0.0", true],
  ["kind version 0.32.9", false],
  ["kind version 0.4.0", false],
  ["kind v0.33.0 go1.26.8 linux/amd64", false], // `kind version`, not `kind --version`
  ["", false],
])("%j: %s", (output, recent) => {
  expect(isRecentKind(output)).toBe(recent);
});
