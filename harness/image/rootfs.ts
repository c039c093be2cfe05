import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { EnvironmentError } from "../support/errors.ts";
import { isolated } from "./machine.ts";
import { debianSuite, trimmed } from "./plan.ts";

/** Makes a bare Debian with some packages in an empty directory, and leaves out what a node never reads. */
export async function makeRootfs(packages: string[], directory: string): Promise<void> {
  const [mirror, env] = await Promise.all([debianMirror(), aptProxy()]);
  const args = ["--variant=minbase", `--include=${packages.join(",")}`, debianSuite, directory, mirror];
  const run = await execa(...isolated("debootstrap", args), {
    env,
    stdin: "ignore",
    reject: false,
    all: true,
  });
  if (run.exitCode !== 0) {
    throw new EnvironmentError("debootstrap could not make the node's root file system.", {
      found: run.all?.split("\n").slice(-8).join("\n") || run.shortMessage || "no message",
      remedy: "check that `apt-get update` works on this machine: its mirror is the one that was used",
    });
  }
  await Promise.all(trimmed.map((path) => rm(join(directory, path), { recursive: true, force: true })));
}

/** The Debian mirror that this machine's own apt is set up with. */
async function debianMirror(): Promise<string> {
  const format = "$(ORIGIN)|$(CREATED_BY)|$(REPO_URI)|$(CODENAME)";
  const { stdout } = await execa("apt-get", ["indextargets", "--format", format], {
    reject: false,
    stdin: "ignore",
  });
  const mirror = mirrorAmong(stdout ?? "");
  if (mirror) return mirror;
  throw new EnvironmentError("No Debian mirror is known on this machine.", {
    expected:
      "an apt source of origin Debian (`apt-get indextargets` lists what `apt-get update` has fetched)",
    found: "none",
    remedy: "run `apt-get update`; on another distribution, build the image on a Debian",
  });
}

/** The first full archive (no -security, no -updates) among lines of "origin|kind of file|address|codename". */
export function mirrorAmong(targets: string): string | undefined {
  for (const line of targets.split("\n")) {
    const [origin, kind, address, codename] = line.split("|");
    if (origin === "Debian" && kind === "Packages" && codename && !codename.includes("-")) return address;
  }
  return undefined;
}

/** The proxy that apt goes through: debootstrap reads no apt configuration, and takes it from the environment. */
async function aptProxy(): Promise<Record<string, string>> {
  const args = ["shell", "proxy", "Acquire::http::Proxy"];
  const { stdout } = await execa("apt-config", args, { reject: false, stdin: "ignore" });
  const proxy = /^proxy='(.+)'$/m.exec(stdout ?? "")?.[1];
  return proxy ? { http_proxy: proxy } : {};
}
