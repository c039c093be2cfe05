import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { clusters } from "../../clusters/index.ts";
import { UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";

/** The project's own directory: suites/ and clusters/ are below it. */
export const ROOT = join(import.meta.dirname, "../..");

/** Each folder in it is a channel. */
export const SUITES = join(ROOT, "suites");

/** The names of a directory's folders. In suites/ they are the ids of the channels. */
export function foldersOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The file of a CONFIG argument: a path, or the name of a cluster in clusters/. */
export function configFile(config: string): string {
  if (existsSync(config)) return config;
  const own = join(ROOT, "clusters", `${config}.yaml`);
  if (/^[\w-]+$/.test(config) && existsSync(own)) return own;
  throw new UsageError(`There is no cluster "${config}".`, {
    expected: `the path of a kind config, or one of ${Object.keys(clusters).join(", ")}`,
    found: "neither a file nor the name of a cluster in clusters/",
    ...didYouMean(nearest(config, Object.keys(clusters))),
  });
}

const LISTED_BY = {
  channel: "`planeproof claims` lists the claims of every channel",
  claim: "`planeproof claims` lists the claims",
  mutant: "the README.md of each channel lists its mutants",
};

/** With more names than these, the way to list them is shorter than they are. */
const MOST_NAMES = 30;

/** Splits `a,b` and checks that each is known; a UsageError names the nearest. */
export function chosen(
  what: keyof typeof LISTED_BY,
  given: string | undefined,
  known: readonly string[],
): string[] {
  const ids = (given ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const near = nearest(id, known);
    throw new UsageError(`There is no ${what} "${id}".`, {
      expected: near.length > 0 ? `perhaps ${near.join(" or ")}` : anyOf(what, known),
      found: id,
      remedy: LISTED_BY[what],
    });
  }
  return ids;
}

function anyOf(what: string, known: readonly string[]): string {
  return known.length > MOST_NAMES ? `one of ${known.length} ${what}s` : `one of ${known.join(", ")}`;
}

function didYouMean([first]: string[]): { remedy?: string } {
  return first ? { remedy: `did you mean ${first}?` } : {};
}
