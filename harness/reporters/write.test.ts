import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { calm } from "../results/sample.test-data.ts";
import { PlaneproofError, UsageError } from "../support/errors.ts";
import { sampleSecrets } from "../support/secrets/sample-secrets.test-data.ts";
import { checkWritable, writeReport } from "./write.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "planeproof-report-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("writeReport", () => {
  test("writes every format, and nothing else", async () => {
    await writeReport(calm, directory);
    expect((await readdir(directory)).sort()).toEqual([
      "index.html",
      "junit.xml",
      "report.json",
      "report.md",
      "report.sarif",
    ]);
    expect(JSON.parse(await readFile(join(directory, "report.json"), "utf8"))).toEqual(calm);
  });

  test("writes over an older report", async () => {
    await writeFile(join(directory, "report.json"), "older");
    await writeReport(calm, directory);
    expect(await readFile(join(directory, "report.json"), "utf8")).toContain('"schema": 1');
  });

  test("refuses a report that contradicts itself, and leaves no file", async () => {
    const wrong = { ...calm, summary: { ...calm.summary, holds: 99 } };
    await expect(writeReport(wrong, directory)).rejects.toThrow(/the runs say 15, the summary says 99/);
    expect(await readdir(directory)).toEqual([]);
  });

  test("refuses a report with a secret, and leaves no file", async () => {
    const leaking = structuredClone(calm);
    const [claim] = leaking.runs[0]?.claims ?? [];
    if (claim) claim.says = sampleSecrets["a token"] ?? "";
    await expect(writeReport(leaking, directory)).rejects.toThrow(PlaneproofError);
    expect(await readdir(directory)).toEqual([]);
  });

  test("says so where the directory went away", async () => {
    await expect(writeReport(calm, join(directory, "gone"))).rejects.toThrow(/could not be written/);
  });
});

describe("checkWritable", () => {
  test("makes the directory and leaves it empty", async () => {
    const fresh = join(directory, "a", "b");
    await checkWritable(fresh);
    expect(await readdir(fresh)).toEqual([]);
  });

  test("refuses a file's place as wrong usage", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    await expect(checkWritable(file)).rejects.toThrow(UsageError);
  });

  test.skipIf(process.getuid?.() === 0)("refuses a directory without the right to write", async () => {
    await chmod(directory, 0o555);
    await expect(checkWritable(directory)).rejects.toThrow(/--out DIR/);
  });
});
