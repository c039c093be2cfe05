import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClaimRunner } from "../claim/runner.ts";
import { renderHtml } from "../reporters/html/page.ts";
import { calm } from "../results/sample.test-data.ts";
import { UsageError } from "../support/errors.ts";
import { loadChannels } from "./load-channels.ts";
import { foldersOf, ROOT, SUITES } from "./paths.ts";

const PUBLIC_API = pathToFileURL(join(import.meta.dirname, "../channel.ts")).href;

let suites = "";
beforeEach(() => {
  suites = mkdtempSync(join(tmpdir(), "planeproof-suites-"));
});
afterEach(() => rmSync(suites, { recursive: true }));

/** A folder of suites with one channel in it: the text of channel.ts. */
function folder(name: string, text: string): void {
  mkdirSync(join(suites, name));
  writeFileSync(join(suites, name, "channel.ts"), text);
}

function stating(fields: Record<string, unknown>): string {
  const stated = { title: "Webhooks", from: "API server", to: "webhooks", summary: "A sentence.", ...fields };
  return `import { channel } from "${PUBLIC_API}";\nexport default channel(${JSON.stringify(stated)});\n`;
}

describe("a channel is a folder", () => {
  test("that is made in a directory, and is then found and drawn", async () => {
    folder("webhooks", stating({ id: "webhooks", port: 8443 }));
    const channels = await loadChannels([SUITES, suites]);
    expect(channels.at(-1)).toMatchObject({ id: "webhooks", to: "webhooks", port: 8443 });
    const page = renderHtml({ ...calm, channels });
    expect(page).toMatch(/<text class="box-name" [^>]*>webhooks<\/text>/);
    expect(page).toContain("<title>Webhooks: no claim in this run</title>");
  });

  test("whose claims are in the catalogue", async () => {
    folder("webhooks", stating({ id: "webhooks" }));
    const control = (word: string) => `${word}("a caller calls", async () => { throw new Error("not run"); }`;
    const claim = `claim("webhooks/called", ${JSON.stringify({
      says: "A webhook is called over TLS",
      documented: { source: "a page", section: "a section" },
      touches: "nothing",
    })}, async () => ({ works: [${control("works")})], refused: [${control("refused")}, { layer: "tls" })] }));`;
    const api = pathToFileURL(join(import.meta.dirname, "../index.ts")).href;
    writeFileSync(
      join(suites, "webhooks", "claims.ts"),
      `import { claim, refused, works } from "${api}";\n${claim}\n`,
    );
    await using runner = await ClaimRunner.start(ROOT, [suites]);
    expect(await runner.catalogue()).toMatchObject([{ id: "webhooks/called" }]);
  });

  test("in suites/ too: each states its channel", async () => {
    expect((await loadChannels()).map(({ id }) => id).sort()).toEqual(foldersOf(SUITES));
  });

  test("in the order of reports: by number, and those without one last", async () => {
    for (const [id, order] of [
      ["b", undefined],
      ["a", undefined],
      ["d", 2],
      ["c", 10],
    ] as const) {
      folder(id, stating({ id, order }));
    }
    expect((await loadChannels([suites])).map(({ id }) => id)).toEqual(["d", "c", "a", "b"]);
  });
});

describe("what does not fit is wrong usage, with the file's name", () => {
  const refusal = () =>
    loadChannels([suites]).then(
      () => undefined,
      (error: unknown) => error,
    );

  test.each([
    [
      "another id than the folder's",
      stating({ id: "other" }),
      /expected: the folder's name as the id, webhooks\n {2}found: {4}other/,
    ],
    ["no default export", "export const a = 1;", /found: {4}no such default export/],
    ["text that is no code", "export default {", /cannot be loaded[\s\S]*where: .*webhooks.channel\.ts/],
    ["a field too many", stating({ id: "webhooks", colour: "red" }), /colour/],
    ["a field too few", stating({ id: "webhooks", summary: undefined }), /summary/],
  ])("%s", async (_what, text, message) => {
    folder("webhooks", text);
    const error = await refusal();
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  });

  test("a folder without a channel.ts", async () => {
    mkdirSync(join(suites, "empty"));
    expect(String(await refusal())).toMatch(/where: .*empty.channel\.ts\n[\s\S]*found: {4}no such file/);
  });

  test("two of one id", async () => {
    folder("etcd-client", stating({ id: "etcd-client" }));
    await expect(loadChannels([SUITES, suites])).rejects.toThrow(/a second etcd-client/);
  });
});
