import { copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { EnvironmentError } from "../support/errors.ts";
import type { BuildProgress } from "./build-progress.ts";
import { writeArchives } from "./component-images.ts";
import { type GoComponent, kindVersion } from "./components.ts";
import { recipeDirectory } from "./digest.ts";
import { buildGo, moduleDirectory } from "./go.ts";
import { isolated } from "./machine.ts";
import { debianSuite, type Part, type Plan } from "./plan.ts";
import { makeRootfs } from "./rootfs.ts";
import { describeImage, pack } from "./tar.ts";

/** The layers of a node image, lowest first, by their names in its archive. */
export const layerNames = ["base.tar", "kubernetes.tar"];

/** The label that says which Kubernetes is in an image; only images that were built here have it. */
export const kubernetesLabel = "planeproof.kubernetes";

/**
 * The directory with a finished node image: its description and layers, ready for the engine, and `root`, the files
 * of its upper layer. Makes every part that the cache does not have.
 */
export function nodeDirectory(plan: Plan, progress: BuildProgress): Promise<string> {
  const version = plan.release.kubernetes;
  return progress.part(plan.node, async (directory) => {
    // Kubernetes takes minutes of both processors. What is fetched or linked meanwhile costs next to no time.
    const [kubernetes, others, rootfs, kind] = await Promise.all([
      goPart(plan.kubernetes, progress),
      goParts(plan.others, progress),
      rootfsDirectory({ packages: plan.packages, name: plan.rootfs }, progress),
      moduleDirectory("sigs.k8s.io/kind", kindVersion),
    ]);
    const base = await baseDirectory(plan, rootfs, kind, others.node, progress);
    await progress.busy(`images of ${version}`, async () => {
      const root = join(directory, "root");
      await addPrograms(root, kubernetes, version);
      await addImages(root, version, join(base, "root"), [kubernetes, ...others.image], directory);
      await pack(root, join(directory, "kubernetes.tar"));
    });
    for (const file of ["base.tar", "base.tar.sha256"])
      await symlink(join(base, file), join(directory, file));
    await describeImage(directory, plan.reference, layerNames, {
      Entrypoint: ["/usr/local/bin/entrypoint", "/sbin/init"],
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=docker"],
      StopSignal: "SIGRTMIN+3", // systemd ends on this one, not on SIGTERM
      Labels: { [kubernetesLabel]: version },
    });
  });
}

/** The directory with the root file system that images are made on. */
export function rootfsDirectory(
  { packages, name }: { packages: string[]; name: string },
  progress: BuildProgress,
): Promise<string> {
  return progress.part(name, (empty) =>
    progress.busy(`Debian ${debianSuite}`, () => makeRootfs(packages, empty)),
  );
}

function goPart({ component, name }: Part, progress: BuildProgress): Promise<string> {
  const what = `${component.name} ${component.version}`;
  return progress.part(name, (empty) => progress.busy(what, () => buildGo(component, empty)));
}

/** The directories of several parts, built one after another, by the place that their programs go to. */
async function goParts(
  parts: Part[],
  progress: BuildProgress,
): Promise<Record<GoComponent["place"], string[]>> {
  const directories: Record<GoComponent["place"], string[]> = { node: [], image: [] };
  for (const part of parts) directories[part.component.place].push(await goPart(part, progress));
  return directories;
}

/** The directory with what every node has, whatever its Kubernetes: `root`, and the same as `base.tar`. */
function baseDirectory(
  plan: Plan,
  rootfs: string,
  kind: string,
  programs: string[],
  progress: BuildProgress,
): Promise<string> {
  return progress.part(plan.base, (directory) =>
    progress.busy("node base", async () => {
      const root = join(directory, "root");
      await execa("cp", ["--archive", "--reflink=auto", rootfs, root]);
      await runRecipe("base.sh", root, kind, recipeDirectory, ...programs);
      await pack(root, join(directory, "base.tar"));
    }),
  );
}

async function addPrograms(root: string, kubernetes: string, version: string): Promise<void> {
  await mkdir(join(root, "usr/bin"), { recursive: true });
  for (const program of ["kubeadm", "kubelet", "kubectl"]) {
    await copyFile(join(kubernetes, program), join(root, "usr/bin", program));
  }
  await mkdir(join(root, "kind"));
  await writeFile(join(root, "kind/version"), version);
}

async function addImages(
  root: string,
  version: string,
  base: string,
  programs: string[],
  scratch: string,
): Promise<void> {
  const archives = join(scratch, "archives");
  await mkdir(archives);
  await writeArchives(version, base, programs, archives);
  await runRecipe("import.sh", base, root, archives);
  await rm(archives, { recursive: true });
}

/** Runs a script of the recipe with mounts of its own. */
async function runRecipe(script: string, ...args: string[]): Promise<void> {
  const command = isolated("bash", [join(recipeDirectory, script), ...args]);
  const run = await execa(...command, { stdin: "ignore", reject: false, all: true });
  if (run.exitCode === 0) return;
  throw new EnvironmentError("The node image could not be put together.", {
    where: `${script} of the image's recipe`,
    found: run.all?.split("\n").slice(-8).join("\n") || run.shortMessage || "no message",
    remedy: "it needs root with the right to mount and chroot, and room on the disk of the cache (5 GB)",
  });
}
