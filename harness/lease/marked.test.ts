import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { until } from "../support/until.ts";
import { endMarked, LEASE_VARIABLE, marked } from "./marked.ts";

test("what carries the mark ends, orphans included, and nothing else", async () => {
  const session = randomBytes(3).toString("hex");
  const env = { ...process.env, [LEASE_VARIABLE]: session };
  const other = spawn("sleep", ["60"], { env: { ...env, [LEASE_VARIABLE]: `${session}0` } });
  const parent = spawn("bash", ["-c", "sleep 60 & sleep 60 & echo; wait"], { env, detached: true });
  await once(parent.stdout, "data");
  await until("both children", async () => marked(session).length === 3);
  parent.kill("SIGKILL"); // its children live on
  expect(await endMarked(session)).toBe(true);
  expect([marked(session), await endMarked(session), marked(`${session}0`)]).toEqual([
    [],
    false,
    [other.pid],
  ]);
  other.kill("SIGKILL");
});
