import { statfs } from "node:fs/promises";
import { type Engine, engine } from "./engine.ts";

/** Where an engine keeps images and containers, and the bytes that are free there. */
export interface DataRoot {
  path: string;
  freeBytes: number;
}

/** The data root of the engine that answers; undefined where it is not on a disk of this machine. */
export async function dataRoot({ command }: Engine): Promise<DataRoot | undefined> {
  const field = command === "podman" ? "{{.Store.GraphRoot}}" : "{{.DockerRootDir}}";
  const { stdout } = await engine(["info", "--format", field], { reject: false });
  const path = String(stdout).trim();
  try {
    const { bavail, bsize } = await statfs(path);
    return { path, freeBytes: bavail * bsize };
  } catch {
    return undefined; // an engine in a virtual machine, or on another host
  }
}
