import { expect, test } from "vitest";
import { isNamed, textsIn } from "./control-names.ts";

test("a control's name is a text of the sources, with anything in the gaps", () => {
  const account = "refused(`an account reads $" + "{what} of (etc)`, …)";
  const names = textsIn(`refused("a client lists pods", …) ${account}`);
  expect(isNamed("a client lists pods", names)).toBe(true);
  expect(isNamed("a client lists pods, after the binding was deleted", names)).toBe(true);
  expect(isNamed("an account reads metrics of (etc)", names)).toBe(true);
  expect(isNamed("a client lists Pods", names)).toBe(false);
  expect(isNamed("an account reads  of (etc)!", names)).toBe(false);
});
