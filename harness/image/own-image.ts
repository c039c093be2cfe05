import { engine, requireEngine } from "../engine/engine.ts";
import { EnvironmentError, oneLine, UsageError } from "../support/errors.ts";
import type { Progress } from "../support/progress.ts";
import { isPresent, pull } from "./store.ts";

/**
 * The Kubernetes version of a node image that a config names, as kind itself reads it off the image (its file
 * `/kind/version`): a tag may say another one, or none. Pulled where the engine does not have it.
 * @throws EnvironmentError where the image cannot be had, UsageError where it is not a node image
 */
export async function versionOfImage(reference: string, progress: Progress): Promise<string> {
  await requireEngine();
  if (!(await isPresent(reference)) && !(await pull(reference, progress))) {
    throw new EnvironmentError("A node image that the config names cannot be had.", {
      expected: `${reference}, in the engine or in its registry`,
      found: "neither",
    });
  }
  const args = ["run", "--rm", "--network", "none", "--entrypoint", "cat", reference, "/kind/version"];
  const { exitCode, stdout, stderr } = await engine(args, { reject: false });
  const version = /^v1\.\d+\.\d+\S*/.exec(String(stdout))?.[0];
  if (exitCode === 0 && version) return version;
  throw new UsageError("An image that the config names for a node is not a node image of kind.", {
    where: reference,
    expected: "its Kubernetes version in /kind/version",
    found: oneLine(String(exitCode === 0 ? stdout : stderr)) || "nothing",
  });
}
