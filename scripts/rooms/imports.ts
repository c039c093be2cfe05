/** One import of a source file. */
export interface Import {
  line: number;
  /** As written: `../errors.ts`, `vitest/node`. */
  specifier: string;
  /** The names that a static import or re-export takes, as the other file calls them; `*` stands for all. */
  names: string[];
}

// The formatter puts each static import at the start of a line, and a clause has no other characters than these; so
// patterns do, where a parser would be a dependency (TypeScript 7 has no compiler API).
const STATIC = /^(?:import|export)\s(?:([\w\s{},*$]*?)\sfrom\s*)?["']([^"'\n]+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"'\n]+)["']/g;
const COMMENT_LINE = /^\s*(?:\/\/|\/?\*)/;

/** The imports of a TypeScript source in the order of its lines: static, type, re-exporting, dynamic, `import("…").Type`. */
export function importsOf(source: string): Import[] {
  const code = source
    .split("\n")
    .map((line) => (COMMENT_LINE.test(line) ? "" : line))
    .join("\n");
  const lineOf = (index: number) => code.slice(0, index).split("\n").length;
  const statics = [...code.matchAll(STATIC)].map(({ index, 1: clause = "", 2: specifier = "" }) => ({
    line: lineOf(index),
    specifier,
    names: namesOf(clause),
  }));
  const dynamics = [...code.matchAll(DYNAMIC)].map(({ index, 1: specifier = "" }) => ({
    line: lineOf(index),
    specifier,
    names: ["*"],
  }));
  return [...statics, ...dynamics].sort((a, b) => a.line - b.line);
}

/** `type A, { b as c, type D }` takes default, b and D. */
function namesOf(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
  const named = braces
    .split(",")
    .map((part) => part.trim().replace(/^type\s+/, ""))
    .flatMap((part) => part.split(/\s+as\s+/).slice(0, 1))
    .filter(Boolean);
  const outside = clause.replace(/\{[^}]*\}/, "").replace(/\btype\b/, "");
  if (outside.includes("*")) return [...named, "*"];
  return /\w/.test(outside) ? ["default", ...named] : named;
}
