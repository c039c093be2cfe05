import { expect, test } from "vitest";
import { EnvironmentError } from "./errors.ts";
import { until } from "./until.ts";

const soon = { timeoutMs: 400, everyMs: 10 };

test("asks until the answer is there, through errors of every kind", async () => {
  const answers = [undefined, false, new TypeError("fetch failed"), new Error("refused"), "there"];
  const ask = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer as string | undefined | false;
  };
  expect(await until("an answer", ask, { everyMs: 10 })).toBe("there");
  expect(answers).toEqual([]);
});

test.each([0, "", null])("%j is an answer", async (answer) => {
  expect(await until("an answer", async () => answer, soon)).toBe(answer);
});

test("says in the end what it waited for, and the last reason", async () => {
  let asked = 0;
  const waiting = until(
    "the etcd of n to answer",
    () => Promise.reject(new Error(`reason ${++asked}`)),
    soon,
  );
  const error = await waiting.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(EnvironmentError);
  expect((error as Error).message).toContain("Timed out after 0 s waiting for the etcd of n to answer.");
  expect((error as Error).message).toContain(`found:    reason ${asked}`);
  expect(asked).toBeGreaterThan(1);
});

test("waits at least as long as it was told to", async () => {
  const started = performance.now();
  await expect(until("nothing", async () => false, soon)).rejects.toThrow("not yet");
  expect(performance.now() - started).toBeGreaterThanOrEqual(soon.timeoutMs * 0.9);
});

test("ends as soon as it is told to, with the reason that it was given", async () => {
  const ending = new AbortController();
  const waiting = until("nothing", async () => false, { signal: ending.signal, everyMs: 60_000 });
  ending.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
