import { type Document, type LineCounter, parseAllDocuments, type Tags, type YAMLParseError } from "yaml";
import { oneLine } from "../support/errors.ts";
import type { Json } from "./json.ts";

/**
 * What a parsed document says. For one that is not YAML it throws what `wrong` makes of the parser's words and the place.
 */
export function plain(
  document: Document.Parsed,
  source: string,
  lines: LineCounter,
  wrong: (found: string, at: { line: number; col: number }) => Error,
): unknown {
  const [syntax] = document.errors;
  if (syntax) {
    throw wrong(inWords(syntax, source), lines.linePos(syntax.pos[0]));
  }
  try {
    return document.toJS();
  } catch (error) {
    // An alias without an anchor is no syntax error to the parser.
    throw wrong(oneLine(error), lines.linePos(document.range[0]));
  }
}

function inWords({ code, message, pos }: YAMLParseError, source: string): string {
  const key = code === "DUPLICATE_KEY" && /^["']?([^"':\s]+)/.exec(source.slice(pos[0]))?.[1];
  if (key) return `the key ${key} is there twice`;
  return (message.split("\n")[0] ?? code).replace(/ at line \d+, column \d+:$/, "");
}

/**
 * How kind reads and writes kubeadm's documents and their patches: as YAML 1.1, in which `yes` without quotes is true, and
 * 0777 is octal (sigs.k8s.io/yaml, goyaml.v2/resolve.go). It takes 1:30 and dates as text, as this does.
 */
export const KUBE_YAML = {
  version: "1.1",
  merge: true,
  customTags: (tags: Tags) =>
    tags.filter(
      (tag) =>
        typeof tag === "string" ||
        (!("format" in tag && tag.format === "TIME") && !tag.tag.endsWith(":timestamp")),
    ),
} as const;

/** The documents of a text that kind wrote. */
export function kubeDocuments(text: string): Json[] {
  return [parseAllDocuments(text, KUBE_YAML)].flat().flatMap((document): Json[] => document.toJS() ?? []);
}
