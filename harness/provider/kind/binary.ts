import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { kindVersion } from "../../image/components.ts";
import { cacheDirectory } from "../../support/cache.ts";
import { cached } from "../../support/cached.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { Memo } from "../../support/memo.ts";
import type { Progress } from "../../support/progress.ts";

/**
 * The path of a kind that knows the versions we boot: the one on PATH where it is recent enough, or else one that is
 * built once from its published module. Looked for once in a process.
 * @throws EnvironmentError where this machine has neither kind nor Go
 */
export function kindBinary(progress: Progress): Promise<string> {
  return memo.get("kind", () => findKind(progress));
}

const memo = new Memo();

const parts = ["bin", `kind-${kindVersion}`] as const;

async function findKind(progress: Progress): Promise<string> {
  const available = await availableKind();
  if (available) return available;
  return progress.step(`Building kind ${kindVersion} from its Go module`, async (say) => {
    return join(await cached(parts, say, install), "kind");
  });
}

/** The kind that is on PATH and recent enough, or was built before; undefined where there is neither. */
export async function availableKind(): Promise<string | undefined> {
  if (await recentKindOnPath()) return "kind";
  const built = join(cacheDirectory("bin"), parts[1], "kind");
  return existsSync(built) ? built : undefined;
}

/** Whether the output of `kind --version` is that of the version we want, or of a later one. */
export function isRecentKind(output: string): boolean {
  const version = numbers(/kind version (\d+\.\d+\.\d+)/.exec(output)?.[1]);
  const wanted = numbers(kindVersion.slice(1));
  const difference = wanted.map((part, index) => (version[index] ?? -1) - part).find((part) => part !== 0);
  return (difference ?? 0) > 0 || difference === undefined;
}

function numbers(version = ""): number[] {
  return version.split(".").map(Number);
}

async function recentKindOnPath(): Promise<boolean> {
  const { exitCode, stdout } = await execa("kind", ["--version"], { reject: false, stdin: "ignore" });
  return exitCode === 0 && isRecentKind(stdout);
}

async function install(directory: string): Promise<void> {
  const module = `sigs.k8s.io/kind@${kindVersion}`;
  const run = await execa("go", ["install", module], {
    env: { GOBIN: directory, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off" },
    stdin: "ignore",
    reject: false,
    all: true,
  });
  if (run.exitCode === 0) return;
  throw new EnvironmentError(`kind ${kindVersion.slice(1)} or later is needed, and could not be installed.`, {
    expected: "a recent `kind` on PATH, or a `go` that can build it",
    found: run.all?.trim() || run.shortMessage || "no message",
    remedy: `go install ${module}, or see https://kind.sigs.k8s.io/docs/user/quick-start#installation`,
  });
}
