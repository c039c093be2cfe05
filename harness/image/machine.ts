import { execa } from "execa";
import { EnvironmentError } from "../support/errors.ts";

/** The programs that building an image needs, and the Debian packages that have them. */
const tools = {
  debootstrap: "debootstrap",
  setpriv: "util-linux",
  unshare: "util-linux",
  chroot: "coreutils",
  tar: "tar",
} as const;

/** An EnvironmentError that names everything which is missing to build an image, if anything is. */
export async function requireImageTools(): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new EnvironmentError("Building a node image needs root.", {
      expected: "user 0: debootstrap and chroot ask for it",
      found: `user ${process.getuid?.() ?? "of another kind of system"}`,
      remedy: "run `planeproof image build` once as root, or make a registry with kindest/node reachable",
    });
  }
  const asked = Object.entries(tools).map(async ([tool, source]) => {
    const { exitCode } = await execa("sh", ["-c", `command -v ${tool}`], { reject: false, stdin: "ignore" });
    return exitCode === 0 ? [] : [source];
  });
  const missing = [...new Set((await Promise.all(asked)).flat())];
  if (missing.length === 0) return;
  throw new EnvironmentError("Building a node image needs tools that are not here.", {
    found: `missing: ${missing.join(", ")}`,
    remedy: `apt-get install ${missing.join(" ")}`,
  });
}

/** A command line that the kernel kills with this process, even where this process gets no chance to. */
export function tiedToParent(command: string, args: readonly string[]): [string, string[]] {
  return ["setpriv", ["--pdeathsig", "KILL", "--", command, ...args]];
}

/**
 * The same with mounts and processes of its own: when it ends, in whatever way, its mounts are gone and so is
 * everything that it has started.
 */
export function isolated(command: string, args: readonly string[]): [string, string[]] {
  return tiedToParent("unshare", [
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    command,
    ...args,
  ]);
}
