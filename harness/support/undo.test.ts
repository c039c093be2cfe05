import { expect, test } from "vitest";
import { UndoStack } from "./undo.ts";

test("the last thing done is taken back first, and each thing once", async () => {
  const undone: string[] = [];
  const stack = new UndoStack();
  for (const what of ["first", "second"]) stack.push(async () => undone.push(what));
  await stack.run();
  await stack.run();
  expect(undone).toEqual(["second", "first"]);
});

test("one that fails keeps no other from being taken back, and is told", async () => {
  const undone: string[] = [];
  const stack = new UndoStack();
  stack.push(async () => undone.push("kept"));
  stack.push(() => Promise.reject(new Error("the last")));
  await expect(stack.run()).rejects.toThrow("the last");
  expect(undone).toEqual(["kept"]);
});
