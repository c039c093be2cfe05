import { homedir } from "node:os";
import { join } from "node:path";
import { makeDirectory } from "./directory.ts";
import { EnvironmentError, oneLine } from "./errors.ts";

/**
 * A directory in the user's cache, made where it is missing: `$XDG_CACHE_HOME/planeproof/…` or `~/.cache/planeproof/…`.
 * Everything that planeproof keeps between runs is below it; deleting it costs time and nothing else.
 */
export function cacheDirectory(...parts: string[]): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const path = join(base, "planeproof", ...parts);
  try {
    makeDirectory(path);
  } catch (cause) {
    throw new EnvironmentError("The cache directory cannot be created.", {
      where: path,
      found: oneLine(cause),
      remedy:
        "check its permissions and the free space on its disk, or set XDG_CACHE_HOME to another directory",
      cause,
    });
  }
  return path;
}
