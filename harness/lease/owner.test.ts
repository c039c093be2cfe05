import { expect, test } from "vitest";
import { ownerOf, thisPlace } from "./owner.ts";
import { startTimeOf } from "./process-identity.ts";

const here = thisPlace();
const [past, future] = ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"];
const mine = { pid: process.pid, started: startTimeOf(process.pid) ?? "", deadline: future, place: here };

test.each([
  ["this process", mine, "alive"],
  ["a process that ended", { ...mine, pid: 2 ** 22 + 1 }, "dead"],
  ["another process of its id", { ...mine, started: "1" }, "dead"],
  ["its id after a reboot", { ...mine, place: { ...here, boot: "before" } }, "dead"],
  ["its id in another pid namespace", { ...mine, place: { ...here, pids: "pid:[1]" } }, "elsewhere"],
  ["its id on another machine", { ...mine, place: { ...here, host: "other", boot: "other" } }, "elsewhere"],
  ["one elsewhere, too late", { ...mine, deadline: past, place: { ...here, pids: "pid:[1]" } }, "dead"],
  ["nobody, also after a reboot", { ...mine, pid: 0, place: { ...here, boot: "before" } }, "nobody"],
] as const)("%s", (_what, lease, owner) => {
  expect(ownerOf(lease, here)).toBe(owner);
});
