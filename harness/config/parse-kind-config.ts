import { type Document, LineCounter, parseAllDocuments, parseDocument } from "yaml";
import type { z } from "zod";
import { oneLine, UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";
import { fieldsAt, KindConfig } from "./kind-schema.ts";
import { dotted, type Locate, locator } from "./locate.ts";
import { keepSources } from "./plain-scalar.ts";
import { plain } from "./yaml.ts";

/** Parses and checks the text of a kind config file; `path` is for error texts. */
export function parseKindConfig(text: string, path: string): { config: KindConfig; locate: Locate } {
  const lines = new LineCounter();
  const documents = [parseAllDocuments(text, { lineCounter: lines, merge: true })].flat(); // as kind's parser does, `<<` merges
  const notYaml = (found: string, at: { line: number; col: number }) =>
    new UsageError("The cluster's configuration is not YAML.", {
      where: `${path}:${at.line}:${at.col}`,
      expected: "a kind config file",
      found,
    });
  const [document = parseDocument(""), ...others] = documents;
  keepSources(document);
  const value = plain(document, text, lines, notYaml);
  for (const other of others) {
    if (plain(other, text, lines, notYaml) !== null)
      throw secondDocument(path, lines.linePos(other.contents?.range?.[0] ?? other.range[0]));
  }
  const locate = locator(path, document, lines);
  const parsed = KindConfig.safeParse(value);
  if (parsed.success) return { config: parsed.data, locate };
  throw notKinds(parsed.error.issues[0] as z.core.$ZodIssue, document, locate);
}

function secondDocument(path: string, at: { line: number; col: number }): UsageError {
  return new UsageError("The cluster's configuration has a second document.", {
    where: `${path}:${at.line}:${at.col}`,
    expected: "one YAML document",
    found: "another one behind `---`",
    remedy: "kind itself would drop it in silence: give each cluster a file of its own",
  });
}

function notKinds(issue: z.core.$ZodIssue, document: Document.Parsed, locate: Locate): UsageError {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = unknown === undefined ? issue.path : [...issue.path, unknown];
  return new UsageError("The cluster's configuration is not a kind config.", {
    where: locate(field),
    expected: unknown === undefined ? expectedValue(issue) : expectedField(issue.path, unknown),
    found:
      unknown === undefined
        ? [dotted(field), shown(document.getIn(field))].filter(Boolean).join(": ")
        : `unknown field ${dotted(field)}`,
    remedy: "https://kind.sigs.k8s.io/docs/user/configuration/ lists the fields",
  });
}

const TYPES: Record<string, string> = {
  object: "an object",
  record: "an object",
  array: "a list",
  string: "text",
  boolean: "true or false",
  number: "a whole number",
  int: "a whole number",
};

function expectedValue(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return TYPES[issue.expected] ?? issue.expected;
  if (issue.code !== "invalid_value") return oneLine(issue.message);
  const values = issue.values.map((value) => JSON.stringify(value)).join(", ");
  return issue.values.length > 1 ? `one of ${values}` : values;
}

function expectedField(path: PropertyKey[], unknown: string): string {
  const known = fieldsAt(path);
  const near = nearest(unknown, known);
  return near.length > 0 ? `perhaps ${near.join(" or ")}` : `one of ${known.join(", ")}`;
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "nothing" : oneLine(JSON.stringify(value), 80);
}
