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
    expected: `a kind config file, or one of ${Object.keys(clusters).join(", ")}`,
    found: "neither a file nor a name in clusters/",
    ...didYouMean(nearest(config, Object.keys(clusters))),
  });
}

/** Splits `a,b` and checks each against what there is; a UsageError names the nearest. */
export function chosen(what: string, given: string | undefined, known: readonly string[]): string[] {
  const ids = (given ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const near = nearest(id, known);
    throw new UsageError(`There is no ${what} "${id}".`, {
      expected: near.length > 0 ? `perhaps ${near.join(" or ")}` : `one of ${known.join(", ")}`,
      found: id,
      remedy: "`planeproof claims` lists every channel and claim",
    });
  }
  return ids;
}

function didYouMean([first]: string[]): { remedy?: string } {
  return first ? { remedy: `did you mean ${first}?` } : {};
}
