import { redact } from "./secrets/registry.ts";

/** What an error tells its reader: what was expected, what was found, where, and what to do about it. */
export interface ErrorFacts {
  expected?: string;
  found?: string;
  where?: string;
  /** What the user can do now: a command, an option, a file to look at. */
  remedy?: string;
  cause?: unknown;
}

/** An error that a person reads: one sentence, then its facts, a line each. */
export class PlaneproofError extends Error {
  /** The exit code of the command that ends with this error: 2 usage, 3 environment, 130 interrupted. */
  readonly exitCode: number = 3;

  constructor(sentence: string, facts: ErrorFacts = {}) {
    super(render(sentence, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
  }
}

/** The command line or a configuration is wrong: exit 2. */
export class UsageError extends PlaneproofError {
  override readonly exitCode = 2;
}

/** The machine, the engine or the boot failed: exit 3. */
export class EnvironmentError extends PlaneproofError {
  override readonly exitCode = 3;
}

/** A cluster did not boot, or not as its config asks: exit 3. Its nodes are still there, for their logs. */
export class BootError extends EnvironmentError {}

/** The user or a signal ended the run: exit 130. */
export class InterruptedError extends PlaneproofError {
  override readonly exitCode = 130;
}

/** The message of anything thrown, in one line of at most `limit` characters. Half a secret would not be recognized. */
export function oneLine(thrown: unknown, limit = 300): string {
  const text = redact(thrown instanceof Error ? thrown.message : String(thrown));
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

function render(sentence: string, { expected, found, where, remedy }: ErrorFacts): string {
  const lines = [sentence];
  if (where) lines.push(`  where:    ${where}`);
  if (expected) lines.push(`  expected: ${expected}`);
  if (found) lines.push(`  found:    ${found.replaceAll("\n", "\n            ")}`);
  if (remedy) lines.push(`  what now: ${remedy}`);
  return lines.join("\n");
}
