import { byToken, type Identity } from "../identity/index.ts";
import { staticTokenLines } from "../node/static-token-file.ts";

/** Whom a line of a static token file makes of a token's bearer. */
export interface StaticToken {
  user: string;
  groups: string[];
  bearer: Identity;
}

/** The users of a static token file, each with its bearer. */
export function staticTokens(csv: string): StaticToken[] {
  return staticTokenLines(csv).map(({ token, user, groups }) => ({
    user,
    groups,
    bearer: byToken(token, `a static token of ${user}`),
  }));
}
