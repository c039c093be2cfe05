import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A directory in the user's cache, made if it is not there: `$XDG_CACHE_HOME/planeproof/…` or `~/.cache/planeproof/…`.
 * Everything that planeproof keeps between runs is below it; deleting it costs time and nothing else.
 */
export function cacheDirectory(...parts: string[]): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const path = join(base, "planeproof", ...parts);
  mkdirSync(path, { recursive: true });
  return path;
}
