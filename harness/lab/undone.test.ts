import { ApiException } from "@kubernetes/client-node";
import { afterEach, expect, test, vi } from "vitest";
import type { Outcome } from "../probe/outcome.ts";
import { undone } from "./undone.ts";

afterEach(() => vi.useRealTimers());

const status = (code: number) => Promise.reject(new ApiException(code, "as it says", "", {}));
const exchange = (outcome: Outcome) =>
  Promise.resolve({ vantage: "host", from: "host", to: "a:1", as: "nobody", outcome });
const refused = (status: number): Outcome => ({ kind: "refused", layer: "validation", status, reason: "no" });

test.each<[string, () => Promise<unknown>]>([
  ["it was undone", async () => "deleted"],
  ["the object is not there", () => status(404)],
  ["an exchange was accepted", () => exchange({ kind: "accepted", summary: "HTTP 200", data: "" })],
  ["the object of an exchange is not there", () => exchange(refused(404))],
])("undone: %s", async (_what, undo) => {
  await undone(undo);
});

test("a failure that passes is waited for", async () => {
  let asked = 0;
  await undone(async () => (++asked < 3 ? status(503) : "deleted"));
  expect(asked).toBe(3);
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  ["an API server that refuses", () => status(403), /HTTP-Code: 403/],
  ["an exchange that was refused", () => exchange(refused(403)), /^no$/],
  ["no answer, ever", () => new Promise(() => {}), /^no answer$/],
])("not undone: %s", async (_what, undo, says) => {
  vi.useFakeTimers();
  const failing = expect(undone(undo)).rejects.toThrow(says);
  await vi.advanceTimersByTimeAsync(60_000);
  await failing;
});
