import { expect, test } from "vitest";
import { homeOf } from "./endpoints.ts";

test.each([
  ["0.0.0.0", "127.0.0.1"],
  ["*", "127.0.0.1"],
  ["::", "::1"],
  ["::1", "::1"],
  ["172.18.0.2", "172.18.0.2"],
])("what is bound to %s is reached from home at %s", (bound, home) => {
  expect(homeOf(bound)).toBe(home);
});
