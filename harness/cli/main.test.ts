import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";

// The exit codes of real processes, as far as they need no cluster: 0 and 1 of a run are in verify.test.ts.
const scratch = mkdtempSync(join(tmpdir(), "planeproof-main-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const cache = join(scratch, "cache");
const leases = (below: string) => readdirSync(join(below, "planeproof/leases"));

/** Runs planeproof where no engine answers, with a cache of its own: no lease of this machine is in sight. */
function planeproof(
  args: string[],
  { env = {}, detached = false }: { env?: object; detached?: boolean } = {},
) {
  return execa(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    cwd: scratch,
    env: { PATH: node, DOCKER_HOST: "tcp://127.0.0.1:1", XDG_CACHE_HOME: cache, ...env },
    detached,
    stdin: "ignore",
    reject: false,
  });
}

const node = dirname(process.execPath);

describe("0: nothing was wrong", () => {
  test.each([
    ["verify --help", /Examples:/],
    ["prune", /^nothing was left behind$/],
  ])("planeproof %s", async (line, says) => {
    const { exitCode, stdout } = await planeproof(line.split(" "));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(says) });
  });
});

describe("2: the command line or a config is wrong", () => {
  writeFileSync(join(scratch, "wrong.yaml"), "kind: Cluster\nnodes: none\n");
  test.each([
    ["verify --chanel x", /Did you mean --channel.*`planeproof verify --help`/s],
    ["verify defualt", /no cluster "defualt".*did you mean default/s],
    ["verify wrong.yaml", /wrong\.yaml.*expected:.*found:/s],
    ["verify --channel etcd-clint", /no channel "etcd-clint".*etcd-client/s],
    ["verify --claim etcd-client/own-cb", /no claim "etcd-client\/own-cb".*etcd-client\/own-ca/s],
    ["verify --out wrong.yaml/report", /cannot be written.*--out DIR/s],
    ["mutants --mutant etcd-client-opened", /no mutant "etcd-client-opened".*etcd-client-open/s],
    ["up default", /required option '--name <name>'/],
    ["down nobody", /no cluster nobody/],
  ])("planeproof %s", async (line, says) => {
    const { exitCode, stderr } = await planeproof(line.split(" "));
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(says) });
  });
});

describe("3: the environment failed", () => {
  test("no engine answers; the lease that was opened before is gone", async () => {
    const { exitCode, stderr } = await planeproof(["verify"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining("No container engine"),
    });
    expect(leases(cache)).toEqual([]);
  });

  test("set-up leaves an engine alone that the user means", async () => {
    const { exitCode, stderr } = await planeproof(["setup"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining("unset DOCKER_HOST"),
    });
  });

  test("the cache directory cannot be made", async () => {
    const env = { XDG_CACHE_HOME: "/proc/cache" }; // not even root can make a directory there
    const { exitCode, stderr } = await planeproof(["ls"], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringContaining("/proc/cache") });
  });
});

test("130: interrupted while a lease is held, which is gone then", async () => {
  // An engine that does not answer: what waits for it has opened its lease before.
  const docker = join(scratch, "docker");
  writeFileSync(docker, '#!/bin/sh\n/bin/mkdir "$0.asked" && exec /bin/sleep 60\n');
  chmodSync(docker, 0o755);
  const own = join(scratch, "interrupted");
  const run = planeproof(["verify"], {
    env: { XDG_CACHE_HOME: own, PATH: `${scratch}:${node}` },
    detached: true,
  });
  const asked = async () => readdirSync(scratch).includes("docker.asked");
  await until("the engine to be asked", asked, { everyMs: 20 });
  expect(leases(own)).toContainEqual(expect.stringMatching(/\.json$/));

  process.kill(-(run.pid ?? 0), "SIGINT"); // to the whole process group, as a terminal does for Ctrl-C
  const { exitCode, stderr } = await run;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 130,
    stderr: expect.stringContaining("nothing is left behind"),
  });
  expect(leases(own)).toEqual([]);
});
