import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";

const project = mkdtempSync(join(tmpdir(), "packages-"));
afterAll(() => rmSync(project, { recursive: true }));

const lock = (packages: object) => JSON.stringify({ packages: { "": { name: "project" }, ...packages } });
const asked = {
  "node_modules/a": { version: "1.0.0" },
  "node_modules/mac": { version: "2.0.0", optional: true },
};

async function missing(installed: object | undefined): Promise<string> {
  writeFileSync(join(project, "package-lock.json"), lock(asked));
  rmSync(join(project, "node_modules"), { recursive: true, force: true });
  if (installed) {
    mkdirSync(join(project, "node_modules"));
    writeFileSync(join(project, "node_modules/.package-lock.json"), lock(installed));
  }
  const { stdout } = await execa("node", [resolve("scripts/missing-packages.mjs")], { cwd: project });
  return stdout;
}

test("nothing where all is installed, other platforms' packages aside", async () => {
  expect(
    await missing({ "node_modules/a": { version: "1.0.0" }, "node_modules/extra": { version: "9.0.0" } }),
  ).toBe("");
});

test("an install that never ran or did not end", async () => {
  expect(await missing(undefined)).toMatch(/node_modules is not there/);
});

test("a package that is missing or of another version is named", async () => {
  expect(await missing({})).toBe("node_modules/a is not there, not 1.0.0");
  const stale = { "node_modules/a": { version: "0.9.0" }, "node_modules/mac": { version: "1.9.0" } };
  expect(await missing(stale)).toBe("node_modules/a is 0.9.0, not 1.0.0, and 1 more differ");
});
