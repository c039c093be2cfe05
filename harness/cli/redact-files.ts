import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { redact } from "../reporters/secrets.ts";

/** Takes what looks like a secret out of every file below a directory: components print what they are given. */
export async function redactFiles(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, "latin1"); // every byte is a character, and comes back as it was
    const clean = redact(text);
    if (clean !== text) await writeFile(file, clean, "latin1");
  }
}
