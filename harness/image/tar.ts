import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { tiedToParent } from "./machine.ts";

/** Packs a directory as an image layer, and writes the layer's digest beside it (`layer.tar.sha256`). */
export async function pack(directory: string, archive: string): Promise<void> {
  const options = [
    "--create",
    "--numeric-owner",
    "--sort=name",
    "--xattrs",
    "--xattrs-include=security.capability",
  ];
  await execa(...tiedToParent("tar", [...options, "--file", archive, "--directory", directory, "."]));
  const hash = createHash("sha256");
  await pipeline(createReadStream(archive, { highWaterMark: 1 << 20 }), hash);
  await writeFile(`${archive}.sha256`, `sha256:${hash.digest("hex")}`);
}

/** What a container engine is told about an image. */
export interface ImageConfig {
  Entrypoint?: string[];
  Cmd?: string[];
  Env?: string[];
  Labels?: Record<string, string>;
  StopSignal?: string;
}

/**
 * Describes an image in a directory, in the format of `docker save`: `config.json` and `manifest.json` beside its
 * layers, lowest first, which are files of that directory that `pack` has made.
 */
export async function describeImage(
  directory: string,
  reference: string,
  layers: string[],
  config: ImageConfig,
): Promise<void> {
  const diffIds = await Promise.all(layers.map((layer) => readFile(`${directory}/${layer}.sha256`, "utf8")));
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const image = {
    architecture,
    os: "linux",
    created: new Date().toISOString(),
    config: { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], ...config },
    rootfs: { type: "layers", diff_ids: diffIds },
  };
  await writeFile(`${directory}/config.json`, JSON.stringify(image));
  const manifest = [{ Config: "config.json", RepoTags: [reference], Layers: layers }];
  await writeFile(`${directory}/manifest.json`, JSON.stringify(manifest));
}

/** The command that writes such a directory as one archive, following links to layers that lie elsewhere. */
export function imageArchive(directory: string, layers: string[], file = "-"): [string, string[]] {
  const members = ["manifest.json", "config.json", ...layers];
  return tiedToParent("tar", [
    "--create",
    "--dereference",
    "--file",
    file,
    "--directory",
    directory,
    ...members,
  ]);
}
