import { type Document, isNode, isScalar, type LineCounter } from "yaml";

/** Where a field stands: `file:line:column`. `line` counts on from the first line of a block of text (a patch). */
export type Locate = (field: PropertyKey[], line?: number) => string;

/** Locates the fields of a file's document; a field that the file does not have is located at the nearest one around it. */
export function locator(path: string, document: Document.Parsed, lines: LineCounter): Locate {
  return (field, line = 0) => {
    const at = placeOf(document, lines, field);
    if (!at) return `${path}:1:1`;
    const inBlock = line > 0 && isBlock(document.getIn(field, true));
    return inBlock ? `${path}:${at.line + line}` : `${path}:${at.line}:${at.col}`;
  };
}

/** The place of a field in a document's text, or that of the nearest one around it. */
export function placeOf(document: Document.Parsed, lines: LineCounter, field: PropertyKey[]) {
  for (let depth = field.length; depth > 0; depth--) {
    const offset = offsetOf(document, field.slice(0, depth));
    if (offset !== undefined) return lines.linePos(offset);
  }
  return undefined;
}

/** Whether a text stands line by line below its key (`|`, `>`): the lines of one in quotes are not the file's. */
function isBlock(node: unknown): boolean {
  return isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
}

/** Where a field's key begins, or the item itself where it is in a list. */
function offsetOf(document: Document.Parsed, field: PropertyKey[]): number | undefined {
  const parent = document.getIn(field.slice(0, -1), true);
  const key = String(field.at(-1));
  const pair = (parent as { items?: { key?: unknown }[] } | undefined)?.items?.find(
    (item) => isNode(item.key) && String(item.key) === key,
  );
  const found = isNode(pair?.key) ? pair.key : document.getIn(field, true);
  return isNode(found) ? found.range?.[0] : undefined;
}

/** A field as one writes it: `nodes[0].kubeadmConfigPatches[1]`. */
export function dotted(field: PropertyKey[]): string {
  return field
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
