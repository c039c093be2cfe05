import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { runcShim } from "./runc-shim.ts";

const directory = mkdtempSync(join(tmpdir(), "runc-shim-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs the wrapper on a bundle; its "runc" prints the arguments that it was given. */
async function wrap(spec: object, missing: string[], args = ["create", "--bundle", directory, "id"]) {
  const [shim, config] = [join(directory, "shim"), join(directory, "config.json")];
  writeFileSync(shim, runcShim(missing, "/bin/echo"));
  writeFileSync(config, JSON.stringify(spec));
  const { stdout } = await execa("sh", [shim, ...args]);
  return { stdout, spec: JSON.parse(readFileSync(config, "utf8")) as unknown };
}

test("takes the capability out of every list, wherever it stands in it, and passes the arguments on", async () => {
  const lists = (bounding: string[], effective: string[], ambient: string[]) => ({
    process: { capabilities: { bounding, effective, ambient }, args: ["init"] },
  });
  const [a, b, gone] = ["CAP_CHOWN", "CAP_KILL", "CAP_SYS_RESOURCE"] as const;
  const { spec, stdout } = await wrap(lists([gone, a, b], [a, gone, b], [gone]), [gone]);
  expect(spec).toEqual(lists([a, b], [a, b], []));
  expect(stdout).toBe(`create --bundle ${directory} id`);
});

test("also out of the process of an exec", async () => {
  const args = ["exec", "--process", join(directory, "config.json"), "--detach", "id"];
  const { spec } = await wrap(
    { capabilities: { bounding: ["CAP_KILL", "CAP_BPF"] } },
    ["CAP_BPF", "CAP_KILL"],
    args,
  );
  expect(spec).toEqual({ capabilities: { bounding: [] } });
});

test("changes nothing else, not even text that looks like a list of capabilities", async () => {
  const text = '"capabilities":{"bounding":["CAP_SYS_RESOURCE"]}';
  const spec = { process: { args: [text, "CAP_SYS_RESOURCE"], env: [`X=${text}`] }, annotations: { text } };
  expect((await wrap(spec, ["CAP_SYS_RESOURCE"])).spec).toEqual(spec);
});

test("leaves other commands alone", async () => {
  const spec = { capabilities: { bounding: ["CAP_BPF"] } };
  expect((await wrap(spec, ["CAP_BPF"], ["state", "id"])).spec).toEqual(spec);
});

test("any lists, any missing capabilities", async () => {
  const names = ["CAP_CHOWN", "CAP_KILL", "CAP_SYS_ADMIN", "CAP_SYS_RESOURCE", "CAP_BPF"];
  const list = fc.uniqueArray(fc.constantFrom(...names));
  const lists = fc.record({ bounding: list, effective: list, permitted: list });
  await fc.assert(
    fc.asyncProperty(
      lists,
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
      async (capabilities, missing) => {
        const kept = Object.entries(capabilities).map(([kind, all]) => [
          kind,
          all.filter((cap) => !missing.includes(cap)),
        ]);
        const { spec } = await wrap({ process: { capabilities } }, missing);
        expect(spec).toEqual({ process: { capabilities: Object.fromEntries(kept) } });
      },
    ),
    { numRuns: 30 },
  );
});
