import { byToken, type Identity } from "../identity/index.ts";

/** Whom a line of a static token file makes of a token's bearer. */
export interface StaticToken {
  user: string;
  groups: string[];
  bearer: Identity;
}

/**
 * The users of a static token file (`token,user,uid,"group1,group2"`), each with its bearer. A line is read as encoding/csv
 * does, so that a token with a comma in quotes is not taken for a token and a user.
 */
export function staticTokens(csv: string): StaticToken[] {
  return csv
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [token = "", user = "", , groups = ""] = fields(line);
      const bearer = byToken(token, `a static token of ${user}`);
      return { user, groups: groups.split(",").filter((group) => group !== ""), bearer };
    });
}

function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare = ""]) =>
    quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'),
  );
}
