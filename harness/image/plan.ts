import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GoComponent, kindVersion, kubernetesOf, otherComponents } from "./components.ts";
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

/** Bumped by hand where the code beside this file builds or puts together in another way than before. */
const assembly = 1;

/** The repository of the images that are built here: podman would take a name without a registry for one of docker.io. */
export const repository = "localhost/planeproof/node";

/** A program to build, and the name in the cache that says everything it depends on. */
export interface Part {
  component: GoComponent;
  name: string;
}

/** Everything that a node image is made of. Each name changes with whatever went into it, and with nothing else. */
export interface Plan {
  release: Release;
  /** The Debian packages of the root file system. */
  packages: string[];
  rootfs: string;
  kubernetes: Part;
  /** The other programs, in the order in which to build them. */
  others: Part[];
  base: string;
  /** The name of the finished image in the cache: its tag, too. */
  node: string;
  /** Its name in an engine. */
  reference: string;
}

/** Plans the image of a release, as a Go of that version would build it. Nothing is built or fetched. */
export async function planOf(release: Release, go: string): Promise<Plan> {
  const { packages, name: rootfs } = await planRootfs();
  const kubernetes = await partOf(kubernetesOf(release), go);
  const others = await Promise.all(otherComponents(release).map((component) => partOf(component, go)));
  const namesFor = (place: GoComponent["place"]) =>
    others.filter(({ component }) => component.place === place).map(({ name }) => name);

  const baseFacts = [assembly, rootfs, kindVersion, namesFor("node")];
  const base = `base-${await digestOf(baseFacts, "base.sh", "node")}`;
  const nodeFacts = [assembly, repository, base, kubernetes.name, namesFor("image")];
  const key = await digestOf(nodeFacts, "import.sh", "proxy-files.sh", "iptables-wrapper");
  const node = `${release.kubernetes}-${key}`;
  const reference = `${repository}:${node}`;
  return { release, packages, rootfs, kubernetes, others, base, node, reference };
}

/** The root file system that node images and the load balancer's are made on: its packages, and its name in the cache. */
export async function planRootfs(): Promise<{ packages: string[]; name: string }> {
  const packages = (await readFile(join(recipeDirectory, "packages.txt"), "utf8")).trim().split("\n");
  return { packages, name: `rootfs-${debianSuite}-${await digestOf([packages, trimmed, process.arch])}` };
}

async function partOf(component: GoComponent, go: string): Promise<Part> {
  const { place: _, ...built } = component;
  const facts = [assembly, built, go, buildFlags, process.arch];
  const key = await digestOf(facts, ...(component.main ? [component.main] : []));
  return { component, name: `${component.name}-${component.version}-${key}` };
}
