import { homedir } from "node:os";
import { join } from "node:path";
import { makeDirectory } from "./directory.ts";
import { EnvironmentError, oneLine } from "./errors.ts";

/**
 * A directory in the user's cache, made if it is not there: `$XDG_CACHE_HOME/planeproof/…` or `~/.cache/planeproof/…`.
 * Everything that planeproof keeps between runs is below it; deleting it costs time and nothing else.
 */
export function cacheDirectory(...parts: string[]): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const path = join(base, "planeproof", ...parts);
  try {
    makeDirectory(path);
  } catch (cause) {
    throw new EnvironmentError("The cache directory cannot be made.", {
      where: path,
      found: oneLine(cause),
      remedy: "see to the directory and its disk, or set XDG_CACHE_HOME to another one",
      cause,
    });
  }
  return path;
}
