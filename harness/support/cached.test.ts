import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cached } from "./cached.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "planeproof-cached-"));
  vi.stubEnv("XDG_CACHE_HOME", home);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const silently = () => {};

it("makes a directory once", async () => {
  const make = vi.fn((directory: string) => writeFile(join(directory, "file"), "made"));
  const path = await cached(["parts", "one"], silently, make);
  expect(await cached(["parts", "one"], silently, make)).toBe(path);
  expect(await readFile(join(path, "file"), "utf8")).toBe("made");
  expect(make).toHaveBeenCalledOnce();
});

it("makes it once for two who ask at the same time, and tells the second that it waits", async () => {
  const started = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<string>();
  const first = cached(["parts", "one"], silently, async () => {
    started.resolve();
    await waiting.promise;
  });
  await started.promise;
  const second = cached(["parts", "one"], waiting.resolve, () => Promise.reject(new Error("made twice")));
  expect(await second).toBe(await first);
  expect(await waiting.promise).toContain("one");
});

it("leaves nothing under the name when making fails, and the next one succeeds", async () => {
  const fails = cached(["parts", "one"], silently, () => Promise.reject(new Error("no room")));
  await expect(fails).rejects.toThrow("no room");
  expect(existsSync(join(home, "planeproof/parts/one"))).toBe(false);
  await expect(cached(["parts", "one"], silently, async () => {})).resolves.toBeDefined();
});

it("clears away what killed processes have left half-done, and not what others are making", async () => {
  const parts = join(home, "planeproof/parts");
  for (const left of ["one.partial-1", "gone.partial-2"]) {
    await mkdir(join(parts, left), { recursive: true });
    writeFileSync(join(parts, left, "file"), "half");
  }
  const started = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const other = cached(["parts", "other"], silently, () => {
    started.resolve();
    return done.promise;
  });
  await started.promise;
  await cached(["parts", "one"], silently, async () => {});
  done.resolve();
  await other;
  expect(readdirSync(parts).sort()).toEqual(["one", "other"]);
});
