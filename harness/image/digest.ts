import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The files that an image is made by: scripts, units, manifests and programs of our own. */
export const recipeDirectory = join(import.meta.dirname, "recipe");

/** A short hash of some facts, and of files and directories of the recipe. */
export async function digestOf(facts: unknown, ...paths: string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(facts));
  for (const path of paths) {
    for (const file of await filesBelow(join(recipeDirectory, path))) {
      hash.update(file.slice(recipeDirectory.length)).update(await readFile(file));
    }
  }
  return hash.digest("hex").slice(0, 12);
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
