import { expect, test } from "vitest";
import { groundsOf } from "./ground.ts";

test("mutants of one kind of cluster share it, and its claims are those that they name", () => {
  const live = async () => async () => {};
  const grounds = groundsOf([
    { id: "a", does: "", breaks: ["x/1"], live },
    { id: "b", does: "", breaks: ["x/2: a control", "x/1"], patch: "" },
    { id: "c", does: "", breaks: ["x/1"], live, cluster: "hardened" },
    { id: "d", does: "", breaks: ["x/3"], patch: "", controlPlanes: 3 },
    { id: "e", does: "", breaks: ["x/1"], patch: "", kubernetes: "1.32" },
    { id: "f", does: "", breaks: ["x/4"], live, kubernetes: "1.32" },
  ]);
  const ids = grounds.map(({ live, boot }) => [...live, ...boot].map(({ id }) => id).join());
  expect(ids).toEqual(["a,b", "c", "d", "f,e"]);
  expect(grounds[0]).toMatchObject({ cluster: "default", controlPlanes: 1, claims: ["x/1", "x/2"] });
  expect(grounds[3]).toMatchObject({ kubernetes: "1.32", claims: ["x/1", "x/4"] });
});
