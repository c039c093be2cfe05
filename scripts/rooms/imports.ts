/** One import of a source file. */
export interface Import {
  line: number;
  /** As written: `../errors.ts`, `vitest/node`. */
  specifier: string;
}

// The formatter puts each static import at the start of a line, and a clause has no other characters than these; so
// patterns do, where a parser would be a dependency (TypeScript 7 has no compiler API).
const STATIC = /^(?:import|export)\s(?:[\w\s{},*$]*?\sfrom\s*)?["']([^"'\n]+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"'\n]+)["']/g;
const COMMENT_LINE = /^\s*(?:\/\/|\/?\*)/;

/** The imports of a TypeScript source in the order of its lines: static, type, re-exporting, dynamic, `import("…").Type`. */
export function importsOf(source: string): Import[] {
  const code = source
    .split("\n")
    .map((line) => (COMMENT_LINE.test(line) ? "" : line))
    .join("\n");
  const lineOf = (index: number) => code.slice(0, index).split("\n").length;
  return [STATIC, DYNAMIC]
    .flatMap((form) => [...code.matchAll(form)])
    .map(({ index, 1: specifier = "" }) => ({ line: lineOf(index), specifier }))
    .sort((a, b) => a.line - b.line);
}
