import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../support/errors.ts";
import { checkBreaks, loadMutants } from "./load-mutants.ts";

let suites: string;
beforeEach(async () => {
  suites = await mkdtemp(join(tmpdir(), "planeproof-test-"));
});
afterEach(() => rm(suites, { recursive: true }));

async function channel(name: string, source: string): Promise<void> {
  await mkdir(join(suites, name));
  await writeFile(join(suites, name, "mutants.ts"), source);
}

const live = (id: string) => `{ id: "${id}", does: "it", breaks: [], live: async () => async () => {} }`;

test("finds the mutants of every channel, and passes by a channel without any", async () => {
  await channel("b", `export default [${live("three")}];`);
  await channel(
    "a",
    `export default [${live("one")}, { id: "two", does: "it", breaks: [], patch: "kind: X" }];`,
  );
  await mkdir(join(suites, "c"));
  await writeFile(join(suites, "README.md"), "");
  expect((await loadMutants(suites)).map(({ id }) => id)).toEqual(["one", "two", "three"]);
});

describe("says what is wrong with", () => {
  test.each([
    ["no default export", "export const mutants = [];", /export its mutants.*found: +no default export/s],
    ["a default export that is one mutant", `export default ${live("m")};`, /type object/],
    ["an entry that is neither", 'export default [{ id: "m", does: "" }];', /entry 1 of 1, with id, does/],
    [
      "an entry that is both",
      'export default [{ id: "m", does: "", breaks: [], patch: "", live() {} }];',
      /entry 1 of 1/,
    ],
    ["a file that throws", 'throw new Error("boom");', /cannot be loaded.*a\/mutants\.ts.*boom/s],
    ["an id that two have", `export default [${live("m")}, ${live("m")}];`, /Two mutants have the id m/],
  ])("%s", async (_what, source, message) => {
    await channel("a", source);
    const loaded = loadMutants(suites);
    await expect(loaded).rejects.toBeInstanceOf(UsageError);
    await expect(loaded).rejects.toThrow(message);
  });

  test("an id that two channels have: both files", async () => {
    await channel("a", `export default [${live("m")}];`);
    await channel("b", `export default [${live("m")}];`);
    await expect(loadMutants(suites)).rejects.toThrow(/a\/mutants\.ts and suites\/b\/mutants\.ts/);
  });
});

test("a claim that does not exist is named, and the nearest that does", () => {
  const mutant = { id: "m", does: "it", breaks: ["etcd/a", "etcd/own-cb"], patch: "" };
  expect(() => checkBreaks([mutant], ["etcd/a", "etcd/own-ca"])).toThrow(
    /Mutant m.*perhaps etcd\/own-ca.*found: +etcd\/own-cb/s,
  );
  expect(() => checkBreaks([mutant], mutant.breaks)).not.toThrow();
  const named = { ...mutant, breaks: ["etcd/a: a client shows no certificate"] };
  expect(() => checkBreaks([named], ["etcd/a"])).not.toThrow();
});
