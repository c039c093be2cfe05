/** So many characters of each text are looked up first; a shorter text cannot be found. */
export const SHORTEST = 6;
/** A text that is shorter than this may be a part of any word: it counts only where it stands for itself. */
const STANDS_ALONE = 12;

const BITS = 22;
const MULTIPLIER = 0x9e3779b1;
const OUTGOING = power(MULTIPLIER, SHORTEST - 1);

/**
 * Thousands of texts that are looked for in megabytes, in one pass: a rolling hash of the next six characters says, with a
 * bit each, whether some text may begin here (Rabin and Karp).
 */
export class Needles {
  readonly #bits = new Uint8Array(1 << (BITS - 3));
  /** By their first six characters. */
  readonly #texts = new Map<string, string[]>();

  add(text: string): void {
    if (text.length < SHORTEST) return;
    const start = text.slice(0, SHORTEST);
    const known = this.#texts.get(start);
    if (known?.includes(text)) return;
    if (known) known.push(text);
    else this.#texts.set(start, [text]);
    const bit = hashOf(start) >>> (32 - BITS);
    this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  /** The text with `replacement` in the place of each that was found; those that overlap go as one. */
  replaceIn(text: string, replacement: string): string {
    if (this.#texts.size === 0 || text.length < SHORTEST) return text;
    const kept: string[] = [];
    let [from, hash] = [0, hashOf(text.slice(0, SHORTEST - 1))];
    let found: { start: number; end: number } | undefined;
    for (let last = SHORTEST - 1, at = 0; last < text.length; last++, at++) {
      hash = (Math.imul(hash, MULTIPLIER) + text.charCodeAt(last)) | 0;
      const bit = hash >>> (32 - BITS);
      if (((this.#bits[bit >>> 3] ?? 0) >> (bit & 7)) & 1) {
        const end = this.#endOf(text, at);
        if (end > 0 && found && at <= found.end) found.end = Math.max(found.end, end);
        else if (end > 0) {
          if (found) from = keep(text, from, found, kept, replacement);
          found = { start: at, end };
        }
      }
      hash = (hash - Math.imul(text.charCodeAt(at), OUTGOING)) | 0;
    }
    if (!found) return text;
    from = keep(text, from, found, kept, replacement);
    return kept.join("") + text.slice(from);
  }

  /** Where the longest text that begins at a place ends; 0 where none does. */
  #endOf(text: string, at: number): number {
    let end = 0;
    for (const one of this.#texts.get(text.slice(at, at + SHORTEST)) ?? []) {
      if (at + one.length <= end || !text.startsWith(one, at)) continue;
      const alone = !isWord(text, at - 1) && !isWord(text, at + one.length);
      if (one.length >= STANDS_ALONE || alone) end = at + one.length;
    }
    return end;
  }
}

/** Keeps what is before something that was found, and returns where the rest begins. */
function keep(
  text: string,
  from: number,
  { start, end }: { start: number; end: number },
  kept: string[],
  replacement: string,
): number {
  kept.push(text.slice(from, start), replacement);
  return end;
}

function isWord(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at));
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, MULTIPLIER) + text.charCodeAt(at)) | 0;
  return hash;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let times = 0; times < exponent; times++) result = Math.imul(result, base);
  return result;
}
