import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { registerSecret } from "../support/secrets/registry.ts";
import { copyRedacted } from "./exported-logs.ts";

const scratch = mkdtempSync(join(tmpdir(), "planeproof-logs-"));
afterAll(() => rmSync(scratch, { recursive: true }));

test("logs are copied without secrets, rotated ones too, and every other byte as it was", async () => {
  registerSecret("the value of a secret");
  const [from, to] = [join(scratch, "raw"), join(scratch, "out")];
  mkdirSync(join(from, "node/pods"), { recursive: true });
  const bytes = Buffer.from([0, 255, 128, 10, 13, 200]);
  writeFileSync(
    join(from, "node/audit.log"),
    Buffer.concat([bytes, Buffer.from("the value of a secret"), bytes]),
  );
  writeFileSync(join(from, "node/pods/0.log.1.gz"), gzipSync("a line with the value of a secret\n"));
  writeFileSync(join(from, "node/system.journal"), "binary");
  await copyRedacted(from, to);
  expect(readdirSync(join(to, "node")).sort()).toEqual(["audit.log", "pods"]);
  expect(readFileSync(join(to, "node/audit.log"))).toEqual(
    Buffer.concat([bytes, Buffer.from("[secret]"), bytes]),
  );
  expect(readFileSync(join(to, "node/pods/0.log.1"), "utf8")).toBe("a line with [secret]\n");
});

test("an export that made nothing is not an error", async () => {
  await copyRedacted(join(scratch, "none"), join(scratch, "nowhere"));
});
