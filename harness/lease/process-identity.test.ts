import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { until } from "../support/until.ts";
import { isAlive, startTimeOf } from "./process-identity.ts";

test("a process lives under its id and its start time, until it ends", async () => {
  const process = spawn("sleep", ["60"]);
  const [pid, started] = [process.pid ?? 0, startTimeOf(process.pid ?? 0) ?? ""];
  expect(started).toMatch(/^\d+$/);
  expect([isAlive(pid, started), isAlive(pid, `${started}1`)]).toEqual([true, false]);
  process.kill("SIGKILL");
  await once(process, "exit");
  expect([isAlive(pid, started), startTimeOf(pid)]).toEqual([false, undefined]);
});

test("a program's name may look like the fields behind it", async () => {
  const process = spawn("bash", ["-c", "printf 'a) Z 1 (b' > /proc/$$/comm; echo; read"]);
  await once(process.stdout, "data");
  expect(isAlive(process.pid ?? 0, startTimeOf(process.pid ?? 0) ?? "")).toBe(true);
  process.kill("SIGKILL");
});

test("a zombie does not live", async () => {
  // The child of a shell that became `sleep`, which never asks after it.
  const parent = spawn("bash", ["-c", "(read -t 60 <> <(:)) & echo $!; exec sleep 60"]);
  const [printed] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(printed.toString());
  await until(
    "sleep to be the parent",
    async () => readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sleep\n",
  );
  const started = startTimeOf(pid) ?? "";
  expect(isAlive(pid, started)).toBe(true);
  process.kill(pid, "SIGKILL");
  await until("the child to end", async () => / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8")));
  expect([startTimeOf(pid), isAlive(pid, started)]).toEqual([started, false]);
  parent.kill("SIGKILL");
});
