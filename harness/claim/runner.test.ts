import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../support/temporary.ts";
import type { RunSetup } from "./claim.ts";
import { ClaimRunner } from "./runner.ts";

const ROOT = join(import.meta.dirname, "../..");
const API = pathToFileURL(join(ROOT, "harness/index.ts")).href;

/** The claims.ts of a channel; none of its claims gets as far as to be judged. */
function claims(channel: string, slugs: string[]): string {
  const spec = JSON.stringify({ says: "So", documented: { source: "a", section: "b" }, touches: "nothing" });
  const stated = slugs.map((slug) => `claim("${channel}/${slug}", ${spec}, async () => ({}));\n`);
  return `import { claim } from "${API}";\n${stated.join("")}`;
}

test("the claims of a channel and a claim of another one run together, and one without a result is named", async () => {
  await using suites = await temporaryDirectory();
  for (const [channel, slugs] of Object.entries({ webhooks: ["called", "over-tls"], audit: ["a", "b"] })) {
    mkdirSync(join(suites.path, channel));
    writeFileSync(join(suites.path, channel, "claims.ts"), claims(channel, slugs));
  }
  await using runner = await ClaimRunner.start(ROOT, [suites.path]);
  const nowhere = { facts: {}, exposures: {} } as unknown as RunSetup;
  expect(await runner.run(nowhere, { channels: ["webhooks"], claims: ["audit/b"] })).toEqual({
    claims: [],
    lost: ["audit/b", "webhooks/called", "webhooks/over-tls"],
  });
  expect((await runner.run(nowhere, {})).lost).toHaveLength(4);
});
