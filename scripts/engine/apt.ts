import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { engineDirectory } from "../../harness/engine/dockerd.ts";
import { EnvironmentError } from "../../harness/errors.ts";

/** Installs Debian packages without what they recommend. Fetches the package lists only where they are of no use. */
export async function aptInstall(packages: string[]): Promise<void> {
  const fresh = await allKnown(packages);
  if (!fresh) await apt(["update"]);
  try {
    await apt(["install", "--no-install-recommends", ...packages]);
  } catch (error) {
    if (!fresh) throw error;
    await apt(["update"]); // lists from long ago name versions that the mirror no longer has
    await apt(["install", "--no-install-recommends", ...packages]);
  }
}

/** Whether apt's lists have a candidate for every package. */
async function allKnown(packages: string[]): Promise<boolean> {
  const { stdout } = await execa("apt-cache", ["policy", ...packages], { env: { LC_ALL: "C" } });
  return (stdout.match(/^ {2}Candidate: (?!\(none\))/gm) ?? []).length === packages.length;
}

async function apt(args: string[]): Promise<void> {
  const log = join(engineDirectory(), "apt.log");
  const options = ["-y", "-o", "DPkg::Lock::Timeout=120"]; // somebody else's apt may be at work
  const { exitCode, all } = await execa("apt-get", [...options, ...args], {
    all: true,
    reject: false,
    stdin: "ignore",
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
  appendFileSync(log, `$ apt-get ${args.join(" ")}\n${all}\n`);
  if (exitCode === 0) return;
  throw new EnvironmentError(`apt-get ${args.join(" ")} failed.`, {
    where: log,
    found: all.trim().split("\n").slice(-5).join("\n"),
    remedy: `run it by hand: apt-get update && apt-get ${args.join(" ")}`,
  });
}
