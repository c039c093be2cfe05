import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a directory with those above it, where they are not there. Node's own `recursive` never ends where a file system
 * refuses by ENOENT, as /proc does, and hides a full disk behind that code (https://github.com/nodejs/node/issues/42808).
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(resolve(path)));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process has just made it
  }
}
