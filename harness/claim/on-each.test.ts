import { expect, test } from "vitest";
import type { Exchange } from "../probe/outcome.ts";
import { type Control, observed, refused, type Scene, type Step, works } from "./control.ts";
import { onEach, together } from "./on-each.ts";

const dial = async (): Promise<Exchange> => ({
  vantage: "host",
  from: "host",
  to: "n",
  as: "nobody",
  outcome: { kind: "accepted", summary: "", data: undefined },
});

const on = (...names: string[]) => names.map((name) => ({ node: { name } }));

const names = (steps: readonly Step<Control["kind"]>[] = []) =>
  steps.map((step) => [step].flat().map(({ name }: Control) => name));

const scene = () => ({
  works: [works("reads", dial), works("lists", dial)] as const,
  refused: [refused("writes", dial, { layer: "tcp" })] as const,
});

test("on one node the controls are as they were written", async () => {
  const made = await onEach(on("a"), scene);
  expect(names(made.works)).toEqual([["reads"], ["lists"]]);
  expect(names(made.refused)).toEqual([["writes"]]);
});

test("on several nodes each exchange is one step, and says on which node", async () => {
  const made = await onEach(on("a", "b"), scene);
  expect(names(made.works)).toEqual([
    ["reads, on a", "reads, on b"],
    ["lists, on a", "lists, on b"],
  ]);
  expect(names(made.refused)).toEqual([["writes, on a", "writes, on b"]]);
});

test("a kind of control that no instance has is not there, and takes nothing away from what it is spread over", async () => {
  const made = await onEach(on("a"), () => ({ refused: [refused("writes", dial, { layer: "tcp" })] }));
  expect(Object.keys(made)).toEqual(["refused"]);
});

test("one inside the other: each pair, and where each of the two is", async () => {
  const made = await onEach(on("a", "b"), () => onEach(on("c", "d"), scene), "through");
  expect(names(made.refused)).toEqual([
    [
      "writes, on c, through a",
      "writes, on d, through a",
      "writes, on c, through b",
      "writes, on d, through b",
    ],
  ]);
});

test("a change is made on each node, and what follows it side by side", async () => {
  const changed: string[] = [];
  const made: Scene = await onEach(on("a", "b"), ({ node }) => ({
    afterwards: {
      what: "the change",
      change: async () => changed.push(node.name),
      refused: [refused("reads", dial, { layer: "tcp" })],
    },
  }));
  await made.afterwards?.change();
  expect(changed).toEqual(["a", "b"]);
  expect(made.afterwards?.what).toBe("the change");
  expect(names(made.afterwards?.refused)).toEqual([["reads, on a", "reads, on b"]]);
});

test("scenes of several components are one, in their order", async () => {
  const made = await together(scene(), {
    works: [works("binds", dial)],
    observed: [observed("sees", dial, {})],
  });
  expect(names(made.works)).toEqual([["reads"], ["lists"], ["binds"]]);
  expect(names(made.observed)).toEqual([["sees"]]);
  expect(names(made.refused)).toEqual([["writes"]]);
});

test("a scene that fails while another one is awaited leaves no failure unhandled", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const slow = new Promise<ReturnType<typeof scene>>((resolve) => setTimeout(() => resolve(scene()), 20));
  await expect(together(slow, Promise.reject(new Error("no CA")))).rejects.toThrow("no CA");
  await slow;
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
