import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { lock } from "proper-lockfile";
import { cacheDirectory } from "./cache.ts";

/**
 * A directory of the cache that is made once: whole, or not there at all. `make` fills a directory beside it, which
 * is then renamed; whatever a killed process has left half-done is removed by the next one. Where another process
 * is making the same directory, this one waits for it and says so.
 * @param parts the path below planeproof's cache; its last part must name everything that went in
 * @returns the path of the finished directory
 */
export async function cached(
  parts: [string, ...string[]],
  say: (detail: string) => void,
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const path = join(cacheDirectory(...parts.slice(0, -1)), parts.at(-1) ?? "");
  if (existsSync(path)) return path;
  const release = await locked(path, () =>
    say(`waiting for another planeproof that makes ${basename(path)}`),
  );
  try {
    if (existsSync(path)) return path;
    await clearPartials(path);
    const partial = `${path}.partial-${process.pid}`;
    await mkdir(partial);
    await make(partial);
    await rename(partial, path);
    return path;
  } finally {
    await release();
  }
}

/** Holds a lock for `path`, which need not exist. Calls `waiting` once where somebody else holds it. */
async function locked(path: string, waiting: () => void): Promise<() => Promise<void>> {
  // A holder that was killed stops touching its lock, and loses it after 10 s.
  const options = { realpath: false, stale: 10_000, update: 2_000 };
  try {
    return await lock(path, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
  }
  waiting();
  return lock(path, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 1_000 } });
}

async function clearPartials(path: string): Promise<void> {
  const siblings = await readdir(dirname(path));
  const stale = siblings.filter((name) => name.startsWith(`${basename(path)}.partial-`));
  await Promise.all(stale.map((name) => rm(join(dirname(path), name), { recursive: true, force: true })));
}
