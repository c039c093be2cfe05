import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { engineDirectory } from "../../engine/dockerd.ts";
import { EnvironmentError } from "../../support/errors.ts";

/** Installs a Debian package without what it recommends. Fetches the package lists only where they are of no use. */
export async function aptInstall(name: string): Promise<void> {
  const install = ["install", "--no-install-recommends", name];
  const known = await hasCandidate(name);
  if (!known) await apt(["update"]);
  try {
    await apt(install);
  } catch (error) {
    if (!known) throw error;
    await apt(["update"]); // lists from long ago name versions that the mirror no longer has
    await apt(install);
  }
}

/** Whether apt's lists know the package and where to get it. */
async function hasCandidate(name: string): Promise<boolean> {
  const { stdout } = await execa("apt-cache", ["policy", name], { env: { LC_ALL: "C" }, stdin: "ignore" });
  return /^ {2}Candidate: (?!\(none\))/m.test(stdout);
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
