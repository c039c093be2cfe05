import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  baseComponents,
  type GoComponent,
  imageComponents,
  kindVersion,
  kubernetesOf,
} from "./components.ts";
import { digestOf, recipeDirectory } from "./digest.ts";
import { buildFlags } from "./go.ts";
import type { Release } from "./versions.ts";

/** Debian 12: the last whose systemd still runs on a host with cgroup v1. */
export const debianSuite = "bookworm";

/** What a node never reads, and half of a Debian's size. */
export const trimmed = [
  ...["doc", "doc-base", "info", "lintian", "locale", "man", "zoneinfo"].map((name) => `usr/share/${name}`),
  "var/cache/apt",
  "var/lib/apt/lists",
  "var/log",
];

/** Bumped by hand where the code beside this file puts an image together in another way than before. */
const assembly = 1;

/** A program to build, and the name in the cache that says everything it depends on. */
export interface Part {
  component: GoComponent;
  name: string;
}

/** Everything that a node image is made of. Each name changes with whatever went into it, and with nothing else. */
export interface Plan {
  release: Release;
  packages: string[];
  rootfs: string;
  baseParts: Part[];
  base: string;
  kubernetes: Part;
  imageParts: Part[];
  /** The name of the finished image: its tag, too. */
  node: string;
}

/** Plans the image of a release, as a Go of that version would build it. Nothing is built or fetched. */
export async function planOf(release: Release, go: string): Promise<Plan> {
  const packages = (await readFile(join(recipeDirectory, "packages.txt"), "utf8")).trim().split("\n");
  const parts = (components: readonly GoComponent[]) =>
    Promise.all(components.map((each) => partOf(each, go)));
  const kubernetes = await partOf(kubernetesOf(release), go);
  const baseParts = await parts(baseComponents);
  const imageParts = await parts(imageComponents(release));
  const rootfs = `rootfs-${debianSuite}-${await digestOf([packages, trimmed, process.arch])}`;
  const baseFacts = [assembly, rootfs, kindVersion, baseParts.map(({ name }) => name)];
  const base = `base-${await digestOf(baseFacts, "base.sh", "node")}`;
  const nodeFacts = [assembly, base, kubernetes.name, imageParts.map(({ name }) => name)];
  const key = await digestOf(nodeFacts, "import.sh", "proxy-files.sh", "iptables-wrapper");
  return {
    release,
    packages,
    rootfs,
    baseParts,
    base,
    kubernetes,
    imageParts,
    node: `${release.kubernetes}-${key}`,
  };
}

async function partOf(component: GoComponent, go: string): Promise<Part> {
  const facts = [component, go, buildFlags, process.arch];
  const key = await digestOf(facts, ...(component.main ? [component.main] : []));
  return { component, name: `${component.name}-${component.version}-${key}` };
}
