import { describe, expect, test } from "vitest";
import { BootError } from "../support/errors.ts";
import type { Proof } from "./proof.ts";
import { inOne } from "./prove-settings.ts";

const on = (node: string, proof: Proof) => ({ path: "patches[0] maxPods", asked: "30", node, proof });
const landed = (found: string): Proof => ({ state: "landed", found });

describe("what the nodes show is one result", () => {
  test("seen in force where every node shows it, with what each shows", () => {
    expect(inOne([on("a", landed("30")), on("b", landed("30"))])).toEqual([
      { path: "patches[0] maxPods", asked: "30", found: "30", landed: true, state: "landed" },
    ]);
    expect(inOne([on("a", landed("30")), on("b", landed("9, as asked"))])).toMatchObject([
      { found: "30; 9, as asked" },
    ]);
  });

  test("not provable where one node cannot show it", () => {
    const closed: Proof = { state: "not-provable", found: "30", why: "it is closed" };
    expect(inOne([on("a", landed("30")), on("b", closed)])).toEqual([
      {
        path: "patches[0] maxPods",
        asked: "30",
        found: "30",
        landed: false,
        state: "not-provable",
        why: "it is closed",
      },
    ]);
  });

  test("a boot error where one node contradicts it", () => {
    const other: Proof = { state: "contradicted", found: "110", where: "its /configz" };
    const take = () => inOne([on("a", landed("30")), on("b", other)]);
    expect(take).toThrow(BootError);
    expect(take).toThrow(/patches\[0\] maxPods(.|\n)*b, its \/configz\n(.|\n)*30\n(.|\n)*110/);
  });
});
