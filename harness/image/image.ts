import { symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { dir } from "tmp-promise";
import { engine, requireEngine } from "../engine/engine.ts";
import { EnvironmentError, oneLine } from "../errors.ts";
import type { Progress } from "../progress.ts";
import { requireGo } from "./go.ts";
import { type NodeLayers, nodeLayers } from "./layer.ts";
import { requireImageTools } from "./machine.ts";
import { describeImage, imageArchive } from "./tar.ts";
import { buildableRelease, resolveVersion } from "./versions.ts";

/** A node image that the engine has. */
export interface NodeImage {
  reference: string;
  /** `v1.37.2` */
  kubernetes: string;
  origin: "present" | "pulled" | "built";
}

export async function buildImage(version: string, progress: Progress): Promise<NodeImage> {
  const kubernetes = resolveVersion(version);
  const release = buildableRelease(kubernetes);
  await Promise.all([requireEngine(), requireImageTools(), requireGo("build a node image")]);
  const reference = await progress.step(`Building a node image for ${kubernetes}`, async (say) => {
    const layers = await nodeLayers(release, say);
    say("loading it into the engine");
    return load(layers, kubernetes);
  });
  return { reference, kubernetes, origin: "built" };
}

async function load(layers: NodeLayers, kubernetes: string): Promise<string> {
  const { command } = await requireEngine();
  const reference = `planeproof/node:${basename(layers.kubernetes).replace(/^node-/, "")}`;
  const stage = await dir({ unsafeCleanup: true, prefix: "planeproof-image-" });
  try {
    const names = ["base.tar", "kubernetes.tar"];
    for (const [index, layer] of [layers.base, layers.kubernetes].entries()) {
      for (const suffix of ["", ".sha256"]) {
        await symlink(join(layer, `layer.tar${suffix}`), join(stage.path, `${names[index]}${suffix}`));
      }
    }
    await describeImage(stage.path, reference, names, {
      Entrypoint: ["/usr/local/bin/entrypoint", "/sbin/init"],
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=docker"],
      StopSignal: "SIGRTMIN+3", // systemd ends on this one, not on SIGTERM
      Labels: { "planeproof.kubernetes": kubernetes },
    });
    const archive = execa(...imageArchive(stage.path, names), { stdin: "ignore", encoding: "buffer", buffer: { stdout: false } });
    await archive.pipe(command, ["load", "--quiet"]);
    return reference;
  } catch (error) {
    throw new EnvironmentError("The engine did not take the node image.", { found: oneLine(error), cause: error });
  } finally {
    await stage.cleanup();
  }
}
