import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importsOf } from "./imports.ts";
import { violations } from "./rules.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The modules as ARCHITECTURE.md draws them, the uppermost first. */
const drawn = [
  ...readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8").matchAll(/^ │ {2}([a-z]+) +\S.*│/gm),
].map(([, module = ""]) => module);

test("ARCHITECTURE.md draws every module of harness/", () => {
  const there = readdirSync(join(ROOT, "harness"), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  expect(drawn.toSorted()).toEqual(there.map(({ name }) => name).toSorted());
});

test("a module imports those that ARCHITECTURE.md draws below it, and none above", () => {
  const may = (from = "", to = "") =>
    violations(`harness/${from}/a.ts`, importsOf(`import { b } from "../${to}/b.ts";`)).length === 0;
  for (const [index, module] of drawn.entries()) {
    for (const above of drawn.slice(0, index)) expect(may(module, above), `${module} → ${above}`).toBe(false);
    const below = drawn
      .slice(index + 1)
      .filter((one) => module !== "reporters" || /support|results/.test(one))
      .filter((one) => one !== "reporters" || module === "cli")
      .filter((one) => one !== "engine" || /image|provider|cli/.test(module));
    for (const other of below) expect(may(module, other), `${module} → ${other}`).toBe(true);
  }
});
