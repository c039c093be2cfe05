import { copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { kindVersion } from "./components.ts";
import { recipeDirectory } from "./digest.ts";
import { buildGo, moduleDirectory } from "./go.ts";
import { writeArchives } from "./inside.ts";
import { secluded } from "./machine.ts";
import type { Part, Plan } from "./plan.ts";
import { makeRootfs } from "./rootfs.ts";
import { describeImage, pack } from "./tar.ts";
import type { Workshop } from "./workshop.ts";

/** The layers of a node image, lowest first, by their names in its archive. */
export const layerNames = ["base.tar", "kubernetes.tar"];

/** The label that says which Kubernetes is in an image; only images that were built here have it. */
export const kubernetesLabel = "planeproof.kubernetes";

/**
 * The directory with a finished node image: its description and layers, ready for the engine, and `root`, the files
 * of its upper layer. Makes every part that the cache does not have; compiling and fetching go on side by side.
 */
export function nodeDirectory(plan: Plan, reference: string, workshop: Workshop): Promise<string> {
  return workshop.part(plan.node, async (directory) => {
    const [kubernetes, base, ...programs] = await Promise.all([
      goPart(plan.kubernetes, workshop),
      baseDirectory(plan, workshop),
      ...plan.imageParts.map((part) => goPart(part, workshop)),
    ]);
    const root = join(directory, "root");
    await addPrograms(root, kubernetes, plan.release.kubernetes);
    await addImages(root, plan.release.kubernetes, join(base, "root"), [kubernetes, ...programs], directory);
    await pack(root, join(directory, "kubernetes.tar"));
    for (const suffix of ["", ".sha256"])
      await symlink(join(base, `base.tar${suffix}`), join(directory, `base.tar${suffix}`));
    await describeImage(directory, reference, layerNames, {
      Entrypoint: ["/usr/local/bin/entrypoint", "/sbin/init"],
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=docker"],
      StopSignal: "SIGRTMIN+3", // systemd ends on this one, not on SIGTERM
      Labels: { [kubernetesLabel]: plan.release.kubernetes },
    });
  });
}

function goPart({ component, name }: Part, workshop: Workshop): Promise<string> {
  return workshop.compiled(name, (directory) => buildGo(component, directory));
}

/** The directory with what every node has, whatever its Kubernetes: `root`, and the same as `base.tar`. */
async function baseDirectory(plan: Plan, workshop: Workshop): Promise<string> {
  return workshop.part(plan.base, async (directory) => {
    const [debian, kind, ...programs] = await Promise.all([
      workshop.part(plan.rootfs, (empty) => makeRootfs(plan.packages, empty)),
      moduleDirectory("sigs.k8s.io/kind", kindVersion),
      ...plan.baseParts.map((part) => goPart(part, workshop)),
    ]);
    const root = join(directory, "root");
    await execa("cp", ["--archive", "--reflink=auto", debian, root]);
    await runRecipe("base.sh", root, kind, recipeDirectory, ...programs);
    await pack(root, join(directory, "base.tar"));
  });
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

async function runRecipe(script: string, ...args: string[]): Promise<void> {
  await execa(...secluded("bash", [join(recipeDirectory, script), ...args]), { stdin: "ignore" });
}
