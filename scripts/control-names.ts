import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../harness/cli/paths.ts";
import { literally } from "../harness/probe/refusals.ts";

const TEXT = /"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;

/**
 * The names that the controls of a channel may have: a pattern for each text in its folder, and in the harness' own controls.
 * (What a claim's controls are called is known for sure only when it runs.)
 */
export function controlNames(channel: string): RegExp[] {
  const files = [`suites/${channel}/**/*.ts`, "harness/claim/*.ts"].flatMap((pattern) =>
    globSync(pattern, { cwd: ROOT }).filter((file) => !file.endsWith("mutants.ts")),
  );
  return files.flatMap((file) => textsIn(readFileSync(join(ROOT, file), "utf8")));
}

/** The texts of a source file, as patterns: what is filled in may be anything. */
export function textsIn(source: string): RegExp[] {
  return [...source.matchAll(TEXT)].map(([, plain, template = ""]) => {
    const parts = plain === undefined ? template.split(/\$\{[^}]*\}/) : [plain];
    return new RegExp(`^${parts.map(literally).join(".+")}$`);
  });
}

/** A control's name without what it follows: `… lists pods, after the binding was deleted`. */
export function isNamed(control: string, names: readonly RegExp[]): boolean {
  const whole = control.split(", ");
  const starts = whole.map((_, end) => whole.slice(0, end + 1).join(", "));
  return starts.some((start) => names.some((name) => start.length > 1 && name.test(start)));
}
