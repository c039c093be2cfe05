import { expect, test } from "vitest";
import { staticTokens } from "./static-tokens.ts";

test("names users and groups, and never a token", () => {
  const file = `not-a-real-token,jane,1001,"system:masters,readers"
"not,a-real ""token""",john,1002

not-a-real-token-3 , joe , 3 , one
`;
  const users = staticTokens(file);
  expect(users.map(({ user, groups }) => ({ user, groups }))).toEqual([
    { user: "jane", groups: ["system:masters", "readers"] },
    { user: "john", groups: [] },
    { user: "joe", groups: ["one"] },
  ]);
  expect(users.map(({ bearer }) => bearer.token)).toEqual([
    "not-a-real-token",
    'not,a-real "token"',
    "not-a-real-token-3",
  ]);
  expect(JSON.stringify(users)).not.toContain("real");
});
