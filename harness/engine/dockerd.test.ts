import { expect, test } from "vitest";
import { isDockerd } from "./dockerd.ts";

test("a Docker daemon is known by its program, wherever that is", () => {
  expect(isDockerd(["/usr/sbin/dockerd", "-H", "fd://", ""])).toBe(true);
  expect(isDockerd(["dockerd"])).toBe(true);
});

test("what only speaks of dockerd is none", () => {
  expect(isDockerd(["vi", "/usr/sbin/dockerd"])).toBe(false);
  expect(isDockerd(["/usr/bin/dockerd-rootless.sh"])).toBe(false);
  expect(isDockerd([""])).toBe(false); // a kernel thread
  expect(isDockerd([])).toBe(false);
});
