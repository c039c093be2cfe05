import type { Document, LineCounter } from "yaml";
import { oneLine } from "../support/errors.ts";

/**
 * What a parsed document says. For one that is not YAML it throws what `wrong` makes of the parser's words and the place.
 */
export function plain(
  document: Document.Parsed,
  lines: LineCounter,
  wrong: (found: string, at: { line: number; col: number }) => Error,
): unknown {
  const [syntax] = document.errors;
  if (syntax) {
    const words = syntax.message.split("\n")[0] ?? syntax.code;
    throw wrong(words.replace(/ at line \d+, column \d+:$/, ""), lines.linePos(syntax.pos[0]));
  }
  try {
    return document.toJS();
  } catch (error) {
    // An alias without an anchor is no syntax error to the parser.
    throw wrong(oneLine(error), lines.linePos(document.range[0]));
  }
}
