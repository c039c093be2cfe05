import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>;
}

// npm leaves a platform's package out when the registry did not answer for it (npm/cli#4828), and then `npm ci`
// refuses the lock file everywhere: "Missing: … from lock file".
test("the lock file has the packages of every platform", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as Locked;
  const asked = Object.values(packages).flatMap(({ optionalDependencies }) =>
    Object.keys(optionalDependencies ?? {}),
  );
  const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")));
  expect(asked.filter((name) => !locked.has(name))).toEqual([]);
});
