import { expect, test } from "vitest";
import { rootsOf } from "./cgroup.ts";

test("a process leaves systemd's hierarchy, of either version, and no controller's", () => {
  expect(rootsOf("4:memory:/a\n1:name=systemd:/user.slice/a.scope\n")).toEqual([
    "/sys/fs/cgroup/systemd/cgroup.procs",
  ]);
  expect(rootsOf("0::/user.slice/a.scope\n")[0]).toBe("/sys/fs/cgroup/cgroup.procs");
  expect(rootsOf("")).toEqual([]);
});
