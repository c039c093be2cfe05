/**
 * A Markdown text with the part between `<!-- NAME -->` and `<!-- /NAME -->` replaced by a generated one; undefined where
 * the two marks do not stand there once each, in this order, on lines of their own.
 */
export function filled(text: string, name: string, part: string): string | undefined {
  const lines = text.split("\n");
  const places = (mark: string) => lines.flatMap((line, at) => (line.trim() === mark ? [at] : []));
  const [start, end, more] = [...places(`<!-- ${name} -->`), ...places(`<!-- /${name} -->`)];
  if (start === undefined || end === undefined || more !== undefined || end < start) return undefined;
  if (lines[start]?.includes("/") || !lines[end]?.includes("/")) return undefined;
  return [...lines.slice(0, start + 1), "", part.trim(), "", ...lines.slice(end)].join("\n");
}
