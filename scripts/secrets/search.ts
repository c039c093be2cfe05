import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A secret to be searched for, and what it is: nobody may see it itself. */
export interface Sought {
  what: string;
  bytes: Buffer;
}

/** Where a secret was found, and in which encoding. */
export interface Leak {
  where: string;
  what: string;
  encoding: string;
}

const WINDOW = 12;

/**
 * Searches texts for secrets in every encoding. On purpose not by what redacts them (harness/support/secrets): a secret is
 * found by any twelve characters that begin it, in each encoding, at each alignment of base64.
 */
export class Search {
  readonly #windows = new Map<string, { text: string; what: string; encoding: string }[]>();
  readonly #short: { text: RegExp; what: string; encoding: string }[] = [];

  constructor(secrets: readonly Sought[]) {
    for (const { what, bytes } of secrets) {
      for (const [encoding, text] of encodings(bytes)) this.#add(text, what, encoding);
    }
  }

  #add(text: string, what: string, encoding: string): void {
    if (text.length < WINDOW) {
      const whole = new RegExp(`(?<!\\w)${text.replace(/[^\w]/g, "\\$&")}(?!\\w)`);
      if (encoding === "plain") this.#short.push({ text: whole, what, encoding });
      return;
    }
    const window = text.slice(0, WINDOW);
    this.#windows.set(window, [...(this.#windows.get(window) ?? []), { text, what, encoding }]);
  }

  /** What a text holds. */
  in(text: string, where: string): Leak[] {
    const leaks = this.#short
      .filter((short) => short.text.test(text))
      .map(({ what, encoding }) => ({ where, what, encoding }));
    for (let at = 0; at + WINDOW <= text.length; at++) {
      for (const found of this.#windows.get(text.slice(at, at + WINDOW)) ?? []) {
        // The first characters of many have to be there: of some, such as a JWT's, the beginning is known to everybody.
        if (text.startsWith(found.text.slice(0, 3 * WINDOW), at)) leaks.push({ where, ...found });
      }
    }
    return leaks.map(({ where, what, encoding }) => ({ where, what, encoding }));
  }

  /** What the files below a directory hold, those that are compressed included. */
  below(directory: string): Leak[] {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => {
        const file = join(entry.parentPath, entry.name);
        const bytes = readFileSync(file);
        const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
        return this.in(plain.toString("latin1"), file);
      });
  }
}

function encodings(bytes: Buffer): [string, string][] {
  const text = bytes.toString();
  const behind = (before: number) => {
    const encoded = Buffer.concat([Buffer.alloc(before, 1), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    return before === 0 ? encoded.slice(0, -1) : encoded.slice(before + 1, -1);
  };
  const base64 = [0, 1, 2].map(behind);
  const inner = base64.map((form) => Buffer.from(form).toString("base64").replace(/=+$/, "").slice(0, -1));
  return [
    ["plain", bytes.toString("latin1")], // as files are read
    ["JSON", Buffer.from(JSON.stringify(text).slice(1, -1)).toString("latin1")],
    ["URL", encodeURIComponent(text)],
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ...base64.flatMap((form): [string, string][] => [
      ["base64", form],
      ["base64url", form.replaceAll("+", "-").replaceAll("/", "_")],
    ]),
    ...inner.map((form): [string, string] => ["base64 twice", form]),
  ];
}
