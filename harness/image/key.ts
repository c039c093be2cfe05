import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The files that an image is made by: scripts, units, manifests and the programs of our own. */
export const recipeDirectory = join(import.meta.dirname, "recipe");

/** A hash of a text and, where one is named, of every file in a directory of the recipe ("" is all of it). */
export async function digestOf(text: string, directory?: string): Promise<string> {
  const hash = createHash("sha256").update(text);
  if (directory !== undefined) {
    const root = join(recipeDirectory, directory);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      hash.update(file.slice(root.length)).update(await readFile(file));
    }
  }
  return hash.digest("hex").slice(0, 12);
}
