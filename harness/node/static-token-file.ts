/** A line of a static token file (`--token-auth-file`). */
export interface StaticTokenLine {
  token: string;
  user: string;
  groups: string[];
}

/**
 * The lines of a static token file: `token,user,uid,"group1,group2"`. A line is read as encoding/csv does, so that a token
 * with a comma in quotes is not taken for a token and a user.
 */
export function staticTokenLines(csv: string): StaticTokenLine[] {
  return csv
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [token = "", user = "", , groups = ""] = fields(line);
      return { token, user, groups: groups.split(",").filter((group) => group !== "") };
    });
}

function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare = ""]) =>
    quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'),
  );
}
