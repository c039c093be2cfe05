import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SWALLOWS = /\.catch\(\(\) => \{\}\)/;

test("a failure that is swallowed has a comment beside it that says why nothing is lost", () => {
  const found = globSync("{harness,suites,scripts,clusters}/**/*.ts", { cwd: ROOT })
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => {
      const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
      const explained = (at: number) => /\/\/ /.test(`${lines[at]}`) || /^\s*\/\/ /.test(`${lines[at - 1]}`);
      return lines.flatMap((line, at) =>
        SWALLOWS.test(line) && !explained(at) ? [`${file}:${at + 1}: ${line.trim()}`] : [],
      );
    });
  expect(found).toEqual([]);
});
