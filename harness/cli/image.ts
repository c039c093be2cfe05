import { buildImage, listImages } from "../image/index.ts";
import { progressFor } from "./progress.ts";

/** Builds a node image, also where there is one. */
export async function build(version: string): Promise<number> {
  const { reference } = await buildImage(version, progressFor());
  process.stdout.write(`${reference}\n`);
  return 0;
}

/** Lists the node images of the engine. */
export async function ls(): Promise<number> {
  for (const { reference, kubernetes, size, origin } of await listImages()) {
    process.stdout.write(`${kubernetes}\t${(size / 1e6).toFixed(0)} MB\t${origin}\t${reference}\n`);
  }
  return 0;
}
