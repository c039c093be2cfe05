import { expect, test } from "vitest";
import { cgroupVersion, hardOpenFiles, parseOsRelease } from "./machine.ts";

test("os-release of Debian, quoted and unquoted", () => {
  const text =
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';
  expect(parseOsRelease(text)).toEqual({ id: "debian", like: [], name: "Debian GNU/Linux 12 (bookworm)" });
});

test("os-release of a derivative says what it is like", () => {
  const text = "NAME='Linux Mint'\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
  expect(parseOsRelease(text)).toEqual({ id: "linuxmint", like: ["ubuntu", "debian"], name: "linuxmint" });
});

test("without os-release the platform's name stands in", () => {
  expect(parseOsRelease("").id).toBe(process.platform);
});

test("the cgroup version is that of the memory controller", () => {
  const v1 = "cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0";
  const systemd = "cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0";
  const v2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0";
  expect(cgroupVersion(`${v1}\n${v2}`)).toBe("v1");
  expect(cgroupVersion(`${systemd}\n${v2}`)).toBe("v2");
  expect(cgroupVersion(systemd)).toBeUndefined();
});

test("the hard limit of open files", () => {
  const limits =
    "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 20000                files\n";
  expect(hardOpenFiles(limits)).toBe(20_000);
  expect(
    hardOpenFiles("Max open files            unlimited            unlimited            files"),
  ).toBeUndefined();
});
