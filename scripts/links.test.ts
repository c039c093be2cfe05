import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md", "{harness,suites,clusters,scripts,examples}/**/*.md"], {
  cwd: ROOT,
});

test.each(pages)("%s links to files that are there", (page) => {
  const links = readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g);
  const missing = [...links].flatMap(([, link = ""]) =>
    existsSync(join(ROOT, dirname(page), link)) ? [] : [link],
  );
  expect(missing).toEqual([]);
});
