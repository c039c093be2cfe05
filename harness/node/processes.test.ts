import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { flag, flags, parseCommandLines } from "./processes.ts";

test("reads back every command line, whatever its arguments hold", () => {
  const argument = fc.string().map((text) => text.replaceAll("\0", ""));
  const process = fc.record({ command: fc.constantFrom("etcd", "kube-apiserver"), args: fc.array(argument) });
  fc.assert(
    fc.property(fc.array(process), (all) => {
      const dump = all.flatMap(({ command, args }, pid) =>
        [`/usr/bin/${command}`, ...args].map((text) => `/proc/${pid}/cmdline:${text}\0`),
      );
      expect(parseCommandLines(dump.join(""))).toEqual(all.map((one, pid) => ({ pid, ...one })));
    }),
  );
});

test("reads what grep really prints", () => {
  const files = ["/proc/self/cmdline", `/proc/${process.pid}/cmdline`];
  const dump = execFileSync("grep", ["-az", "", ...files], { encoding: "utf8" });
  expect(parseCommandLines(dump).map(({ pid }) => pid)).toEqual([process.pid]);
});

test("finds a flag in every spelling, and the last of several", () => {
  const process = {
    pid: 1,
    command: "kube-apiserver",
    args: [
      "--v=2",
      "--tls",
      "--port",
      "6443",
      "-name=a=b",
      "--v",
      "4",
      "--empty=",
      "--line=a\nb",
      "--v-module=x",
    ],
  };
  expect(flags(process, "v")).toEqual(["2", "4"]);
  const values = ["v", "tls", "port", "name", "empty", "line", "absent"].map((name) => flag(process, name));
  expect(values).toEqual(["4", "true", "6443", "a=b", "", "a\nb", undefined]);
});
