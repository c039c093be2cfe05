import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../harness/cli/paths.ts";
import { UsageError } from "../harness/support/errors.ts";

/** What `planeproof verify` is to make of a config. */
export type Judgement =
  /** Exit code 0. */
  | { kind: "ok" }
  /** Exit code 1: exactly these channels or claims are broken, each of them. */
  | { kind: "broken"; where: string[] }
  /** Exit code 2 before the boot, or 3 at the boot: the message holds each of these words. */
  | { kind: "error"; exitCode: 2 | 3; words: string[] };

/** A kind config with its right judgement: a folder of examples/field/. */
export interface FieldCase {
  name: string;
  /** As the file's first line has it: `broken scheduler`. */
  expects: string;
  judgement: Judgement;
}

const DIRECTORY = join(ROOT, "examples/field");

/** The cases by name; all unless some are named. @throws UsageError for a name that is not there. */
export function fieldCases(names: readonly string[] = []): FieldCase[] {
  const all = readdirSync(DIRECTORY, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const unknown = names.find((name) => !all.includes(name));
  if (unknown) {
    throw new UsageError(`There is no field case "${unknown}".`, {
      expected: `a folder of ${DIRECTORY}`,
      found: unknown,
    });
  }
  return (names.length > 0 ? names : all).map((name) => {
    const file = join(DIRECTORY, name, "kind.yaml");
    const expects = /^# expect: (.*)\n# why: \S/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    return { name, expects, judgement: parseJudgement(expects, file) };
  });
}

/** `ok`, `broken CHANNEL, CHANNEL/CLAIM`, `error WORDS, WORDS` or `boot error WORDS, WORDS`. */
export function parseJudgement(expects: string, file: string): Judgement {
  const [, kind, rest = ""] = /^(ok|broken|error|boot error)(?: (.+))?$/.exec(expects) ?? [];
  const parts = rest
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  if (kind === "ok" && parts.length === 0) return { kind };
  if (kind === "broken" && parts.length > 0) return { kind, where: parts };
  if (kind?.endsWith("error") && parts.length > 0)
    return { kind: "error", exitCode: kind === "error" ? 2 : 3, words: parts };
  throw new UsageError("A field case does not say how it is to be judged.", {
    where: file,
    expected:
      "first `# expect: ok`, `broken CHANNEL,…`, `error WORDS,…` (before the boot) or `boot error WORDS,…`, then `# why: …`",
    found: expects || "no such lines",
  });
}

/**
 * Makes a copy of a case that can be booted, in an empty directory: its prepare.sh has made throwaway keys, and `@DIR@` is
 * the copy's absolute path.
 */
export async function stage({ name }: FieldCase, directory: string): Promise<void> {
  await cp(join(DIRECTORY, name), directory, { recursive: true });
  if (existsSync(join(directory, "prepare.sh"))) await execa("sh", ["prepare.sh"], { cwd: directory });
  const file = join(directory, "kind.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replaceAll("@DIR@", directory));
}
