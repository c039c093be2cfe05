import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cacheDirectory } from "../support/cache.ts";
import { until } from "../support/until.ts";
import { Lease } from "./lease.ts";
import { forget, type LeaseFile, leases, load, loadFacts, save } from "./lease-file.ts";
import { thisPlace } from "./owner.ts";
import { startTimeOf } from "./process-identity.ts";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "record-test-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

function record(session: string, owner: Partial<LeaseFile> = {}): LeaseFile {
  const own = { pid: process.pid, started: startTimeOf(process.pid) ?? "" };
  return { session, ...own, place: thisPlace(), deadline: "", directory: "", clusters: [], ...owner };
}

const owners = () => Object.fromEntries(leases().map(({ session, owner }) => [session, owner]));

test("a lease's owner is alive, dead, another process by now, or nobody", () => {
  save(record("mine"));
  save(record("gone", { pid: 2 ** 22 + 1 }));
  save(record("reused", { started: "1" }));
  save(record("kept", { pid: 0 }));
  expect(owners()).toEqual({ mine: "alive", gone: "dead", reused: "dead", kept: "nobody" });
});

test("a lease of an older planeproof, which names no place, is read like one of here", () => {
  const { place: _, ...old } = record("old");
  writeFileSync(join(cacheDirectory("leases"), "old.json"), JSON.stringify({ ...old, groups: [] }));
  const { place: _here, ...dead } = record("old-dead", { pid: 2 ** 22 + 1 });
  writeFileSync(join(cacheDirectory("leases"), "old-dead.json"), JSON.stringify(dead));
  expect(owners()).toEqual({ old: "alive", "old-dead": "dead" });
});

test("forgetting a session removes its record and its log, and nobody else's", () => {
  save(record("one"));
  save(record("two"));
  for (const session of ["one", "two"]) writeFileSync(join(cacheDirectory("leases"), `${session}.log`), "");
  forget("one");
  forget("never was");
  expect([load("one"), load("two")?.session]).toEqual([undefined, "two"]);
  expect(readdirSync(cacheDirectory("leases")).sort()).toEqual(["two.json", "two.log"]);
});

test("a lease that was kept is nobody's, and its watchdog lets it be", async () => {
  const lease = await Lease.open();
  expect(owners()).toEqual({ [lease.session]: "alive" });
  await lease.holds({ name: "a", title: "default", provider: "kind" });
  expect(load(lease.session)).toMatchObject({ clusters: [{ name: "a" }], place: thisPlace() });

  lease.keep("a", { nodes: 1 });
  await lease[Symbol.asyncDispose]();
  expect(owners()).toEqual({ [lease.session]: "nobody" });
  await until("the watchdog to end", async () => !hasWatchdog(lease.session));
  expect([loadFacts("a"), loadFacts("b")]).toEqual([{ nodes: 1 }, undefined]);
  rmSync(lease.directory, { recursive: true });
});

function hasWatchdog(session: string): boolean {
  return globSync("/proc/[0-9]*/cmdline").some((file) => {
    try {
      return readFileSync(file, "utf8").includes(`watchdog.ts\0${session}`);
    } catch {
      return false; // it ended meanwhile
    }
  });
}
