import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { redact, register } from "../../harness/support/secrets/registry.ts";
import { Search } from "./search.ts";

const scratch = mkdtempSync(join(tmpdir(), "planeproof-search-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const base64 = (text: string) => Buffer.from(text).toString("base64");
const shown: [string, (text: string) => string][] = [
  ["plain", (text) => `it is ${text}.`],
  ["JSON", (text) => JSON.stringify({ is: `${text}` })],
  ["URL", (text) => `/path?is=${encodeURIComponent(text)}`],
  ["hex", (text) => Buffer.from(text).toString("hex")],
  ["base64", (text) => base64(text)],
  ["base64 behind one byte", (text) => base64(`x${text}xx`)],
  ["base64 behind two bytes", (text) => base64(`xx${text}xx`)],
  ["base64url", (text) => Buffer.from(`xy${text}`).toString("base64url")],
];

test.each(shown)("a secret is found, and is not once it is redacted: %s", (_what, show) => {
  for (let round = 0; round < 30; round++) {
    const secret = `p/w+${randomBytes(15).toString("base64")}"<&é`.slice(0, 12 + round);
    const search = new Search([{ what: "a password", bytes: Buffer.from(secret) }]);
    const text = Buffer.from(show(secret)).toString("latin1"); // as files are read
    expect(search.in(text, "a log").length).toBeGreaterThan(0);
    register({ text: secret });
    expect(search.in(redact(text), "a log")).toEqual([]);
  }
});

test("bytes of a key are found in base64 within base64 as well, and files are unpacked", () => {
  const bytes = randomBytes(48);
  const search = new Search([{ what: "a key", bytes }]);
  mkdirSync(join(scratch, "a/b"), { recursive: true });
  writeFileSync(join(scratch, "a/b/log.gz"), gzipSync(`x ${base64(bytes.toString("base64"))} y`));
  const [leak] = search.below(scratch);
  expect(leak).toEqual({ where: join(scratch, "a/b/log.gz"), what: "a key", encoding: "base64 twice" });
});
