import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { check, lock } from "proper-lockfile";
import { cacheDirectory } from "./cache.ts";

/** A holder that was killed no longer touches its lock, and loses it after `stale` ms. The path need not exist. */
const lockOptions = { realpath: false, stale: 10_000, update: 2_000 };

/**
 * A directory of the cache that is made once: whole, or not there at all. `make` fills a directory beside it, which
 * is then renamed; what a killed process left half-done is removed by the next one. Where another process
 * is making the same directory, this one waits for it.
 * @param parts the path below planeproof's cache; its last part must name everything that goes in
 * @param waiting told once where it has to wait
 * @returns the path of the finished directory
 */
export async function cached(
  parts: readonly [string, ...string[]],
  waiting: (reason: string) => void,
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const path = join(cacheDirectory(...parts.slice(0, -1)), parts.at(-1) ?? "");
  if (existsSync(path)) return path;
  const release = await locked(path, waiting);
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

async function locked(path: string, waiting: (reason: string) => void): Promise<() => Promise<void>> {
  try {
    return await lock(path, lockOptions);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
  }
  waiting(`waiting for another planeproof that makes ${basename(path)}`);
  return lock(path, { ...lockOptions, retries: { forever: true, minTimeout: 500, maxTimeout: 1_000 } });
}

/** Removes what was left half-done of `path`, whose lock we hold, and of its neighbours that nobody is making. */
async function clearPartials(path: string): Promise<void> {
  const directory = dirname(path);
  for (const entry of await readdir(directory)) {
    const whole = join(directory, entry.replace(/\.partial-\d+$/, ""));
    if (whole === join(directory, entry)) continue;
    if (whole !== path && (await check(whole, lockOptions))) continue;
    await rm(join(directory, entry), { recursive: true, force: true });
  }
}
