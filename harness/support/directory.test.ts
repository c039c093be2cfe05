import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDirectory } from "./directory.ts";

test("makes what is not there, and leaves what is", () => {
  const scratch = mkdtempSync(join(tmpdir(), "planeproof-directory-"));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const deep = join(scratch, "a/b/c");
  makeDirectory(deep);
  makeDirectory(deep);
  expect(existsSync(deep)).toBe(true);
  writeFileSync(join(scratch, "file"), "");
  expect(() => makeDirectory(join(scratch, "file/below"))).toThrow("ENOTDIR");
});

test.runIf(existsSync("/proc/self"))("ends where a file system takes no directory", () => {
  expect(() => makeDirectory("/proc/planeproof/report")).toThrow("ENOENT");
});
