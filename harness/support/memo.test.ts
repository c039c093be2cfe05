import { expect, test } from "vitest";
import { Memo } from "./memo.ts";

test("what a name stands for is made once, for callers at the same time and for later ones", async () => {
  const memo = new Memo();
  let made = 0;
  const make = async () => ++made;
  expect(await Promise.all([memo.get("a", make), memo.get("a", make)])).toEqual([1, 1]);
  expect(await memo.get("a", make)).toBe(1);
  expect(await memo.get("b", make)).toBe(2);
});

test("a failure is told to those who wait for it, and forgotten", async () => {
  const memo = new Memo();
  const fail = () => Promise.reject(new Error("no"));
  const waiting = [memo.get("a", fail), memo.get("a", fail)];
  for (const one of waiting) await expect(one).rejects.toThrow("no");
  expect(await memo.get("a", async () => "made")).toBe("made");
});
