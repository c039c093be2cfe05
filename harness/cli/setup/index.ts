import { prepareImageTools } from "./image-tools.ts";
import { prepareEngine } from "./prepare-engine.ts";
import { stopOwnDockerd } from "./stop-dockerd.ts";

/** Prepares this machine for clusters: a container engine that answers, and a node image or what builds one. */
export async function setup(): Promise<number> {
  await prepareEngine();
  await prepareImageTools();
  return 0;
}

/** Stops the Docker daemon that set-up started, if it did. */
export async function engineStop(): Promise<number> {
  await stopOwnDockerd();
  return 0;
}
