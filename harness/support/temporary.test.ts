import { existsSync } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "./temporary.ts";

test("a temporary directory is private, and goes with all that is in it", async () => {
  let path: string;
  {
    await using directory = await temporaryDirectory();
    path = directory.path;
    await writeFile(join(path, "file"), "");
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect(basename(path)).toMatch(/^planeproof-[0-9a-f]{8}$/);
  }
  expect(existsSync(path)).toBe(false);
});

test("a name is given once", async () => {
  await using first = await temporaryDirectory();
  const name = basename(first.path).replace("planeproof-", "");
  await expect(temporaryDirectory(name)).rejects.toThrow("unique");
});
