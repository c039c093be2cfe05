import { relative } from "node:path";
import { expect, test } from "vitest";
import { checkMounts } from "./check-mounts.ts";
import { define } from "./define.test-data.ts";

const check = (mount: object) => () => checkMounts(define({ nodes: [{ extraMounts: [mount] }] }));
const here = import.meta.filename;

test("what is there can be mounted, by a path that starts where the user is too", () => {
  expect(check({ hostPath: here, containerPath: "/a" })).not.toThrow();
  expect(check({ hostPath: relative(process.cwd(), here), containerPath: "/a" })).not.toThrow();
});

test("what is not there is named, with where it was looked for", () => {
  const where = "nodes\\[0\\]\\.extraMounts\\[0\\]";
  expect(check({ hostPath: "/no/such", containerPath: "/a" })).toThrow(
    new RegExp(`${where}(.|\\n)*/no/such, which does not exist\\n?$`),
  );
  expect(check({ hostPath: "./no-such", containerPath: "/a" })).toThrow(`${process.cwd()}/no-such`);
  expect(check({ containerPath: "/a" })).toThrow("no hostPath");
  expect(check({ hostPath: here })).toThrow("no containerPath");
});
