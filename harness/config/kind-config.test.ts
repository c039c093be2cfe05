import { expect, test } from "vitest";
import { loadDefinition } from "./kind-config.ts";

test("a file that is not there is the user's matter", async () => {
  await expect(loadDefinition("/nowhere/my.yaml")).rejects.toThrow(
    /where: +\/nowhere\/my.yaml(.|\n)*no such file/,
  );
});
