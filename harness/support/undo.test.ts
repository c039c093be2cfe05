import { expect, test } from "vitest";
import { LeftBehindError, UndoStack } from "./undo.ts";

test("the last thing done is taken back first, and each thing once", async () => {
  const undone: string[] = [];
  const stack = new UndoStack();
  for (const what of ["first", "second"]) stack.push(what, async () => undone.push(what));
  await stack.run();
  await stack.run();
  expect(undone).toEqual(["second", "first"]);
});

test("one that fails keeps no other from being taken back, and what is left behind is named", async () => {
  const undone: string[] = [];
  const stack = new UndoStack();
  stack.push("pod a", () => Promise.reject(new Error("no answer")));
  stack.push("pod b", async () => undone.push("b"));
  stack.push("pod c", () => Promise.reject(new Error("forbidden")));
  const error = await stack.run().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(LeftBehindError);
  expect((error as LeftBehindError).left).toEqual(["pod c (forbidden)", "pod a (no answer)"]);
  expect((error as LeftBehindError).exitCode).toBe(3);
  expect(undone).toEqual(["b"]);
});

test("what is done after the stack has run is taken back at once", async () => {
  const undone: string[] = [];
  const stack = new UndoStack();
  await stack.run();
  stack.push("late", async () => undone.push("late"));
  expect(undone).toEqual(["late"]);
});
