import { expect, test } from "vitest";
import { redact } from "../support/secrets/registry.ts";
import { registerStaticTokens } from "./secrets.ts";

test("of a file of static tokens the tokens are secrets, and not whose they are", () => {
  registerStaticTokens(
    '# token,user,uid\nfirst-static-token,somebody-known,1000,"group-a,group-b"\n"second-one",other-user,2\n',
  );
  expect(redact("somebody-known came with first-static-token, other-user with second-one")).toBe(
    "somebody-known came with [secret], other-user with [secret]",
  );
});
