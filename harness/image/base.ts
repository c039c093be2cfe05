import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached } from "../cached.ts";
import { EnvironmentError } from "../errors.ts";
import { baseComponents, kindVersion } from "./components.ts";
import { goBinaries, moduleDirectory } from "./go.ts";
import { digestOf, recipeDirectory } from "./key.ts";
import { secluded } from "./machine.ts";
import { pack } from "./tar.ts";

/** Debian 12: the last whose systemd still runs on a host with cgroup v1. */
const suite = "bookworm";

type Say = (detail: string) => void;

/** A bare Debian with the packages of a node, made by debootstrap once. */
export async function rootfs(say: Say): Promise<string> {
  const packages = (await readFile(join(recipeDirectory, "packages.txt"), "utf8")).trim().split("\n");
  const key = await digestOf(JSON.stringify([suite, packages, process.arch, trimmed]));
  return cached(["image", "parts", `rootfs-${suite}-${key}`], say, async (directory) => {
    say(`Debian ${suite}: debootstrap`);
    const args = ["--variant=minbase", `--include=${packages.join(",")}`, suite, directory, await debianMirror()];
    const run = await execa(...secluded("debootstrap", args), {
      stdin: "ignore",
      reject: false,
      all: true,
      env: await aptProxy(),
    });
    if (run.exitCode !== 0) {
      throw new EnvironmentError("debootstrap could not make the node's root file system.", {
        found: run.all?.split("\n").slice(-8).join("\n") || run.shortMessage || "no message",
        remedy: "check that apt-get update works on this machine: its mirror is used",
      });
    }
    await Promise.all(trimmed.map((path) => rm(join(directory, path), { recursive: true, force: true })));
  });
}

/** What a node never reads: half of a Debian. */
const trimmed = ["doc", "man", "info", "locale", "lintian", "zoneinfo"]
  .map((name) => `usr/share/${name}`)
  .concat(["var/cache/apt", "var/lib/apt/lists", "var/log"]);

/** The directory with the node base (`root`, and the same as a layer in `layer.tar`), whatever the Kubernetes version. */
export async function nodeBase(say: Say): Promise<string> {
  const [debian, kind, ...programs] = await Promise.all([
    rootfs(say),
    moduleDirectory("sigs.k8s.io/kind", kindVersion),
    ...baseComponents.map((component) => goBinaries(component, say)),
  ]);
  const key = await digestOf([debian, kindVersion, ...programs].map((path) => path.split("/").at(-1)).join(), "");
  return cached(["image", "parts", `base-${key}`], say, async (directory) => {
    say("node base: kind's files and the container runtime");
    const root = join(directory, "root");
    await execa("cp", ["--archive", "--reflink=auto", debian, root]);
    await mkdir(join(root, "var/log"), { recursive: true });
    const script = join(recipeDirectory, "base.sh");
    await execa(...secluded("bash", [script, root, kind, recipeDirectory, ...programs]), { stdin: "ignore" });
    await pack(root, join(directory, "layer.tar"));
  });
}

/** The Debian mirror that this machine's own apt is set up with. */
async function debianMirror(): Promise<string> {
  const format = "$(ORIGIN)|$(CREATED_BY)|$(REPO_URI)|$(CODENAME)";
  const { stdout } = await execa("apt-get", ["indextargets", "--format", format], { reject: false, stdin: "ignore" });
  const targets = (stdout ?? "").split("\n").map((line) => line.split("|"));
  const mirror = targets.find(
    ([origin, by, , codename]) => origin === "Debian" && by === "Packages" && !codename?.includes("-"),
  );
  if (mirror?.[2]) return mirror[2];
  throw new EnvironmentError("No Debian mirror is known on this machine.", {
    expected: "an apt source whose origin is Debian (`apt-get indextargets` lists what `apt-get update` has fetched)",
    found: "none",
    remedy: "run `apt-get update`; on another distribution, build the image on a Debian or in a Debian container",
  });
}

/** The proxy that apt goes through, for debootstrap, which reads no apt configuration. */
async function aptProxy(): Promise<Record<string, string>> {
  const { stdout } = await execa("apt-config", ["shell", "proxy", "Acquire::http::Proxy"], {
    reject: false,
    stdin: "ignore",
  });
  const proxy = /^proxy='(.+)'$/m.exec(stdout ?? "")?.[1];
  return proxy ? { http_proxy: proxy } : {};
}
