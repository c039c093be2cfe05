import { access, chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { EnvironmentError } from "../support/errors.ts";
import { recipeDirectory } from "./digest.ts";
import { describeImage, imageArchive, pack } from "./tar.ts";

/**
 * Writes an archive of each image that a cluster of this version starts from: those that its kubeadm asks for, by the
 * very names it will ask for, and the pause image that containerd's configuration names.
 * @param base the root of the node base
 * @param programs the directories in which the programs are
 * @param archives an empty directory that is to hold the archives
 */
export async function writeArchives(
  version: string,
  base: string,
  programs: string[],
  archives: string,
): Promise<void> {
  const kubeadm = await findProgram("kubeadm", programs);
  const { stdout } = await execa(kubeadm, ["config", "images", "list", "--kubernetes-version", version]);
  // The pause image is containerd's business: kubeadm lists one, but nobody asks for that.
  const asked = stdout.split("\n").filter((reference) => nameOf(reference) !== "pause");
  asked.push(await pauseReference(base));
  for (const reference of asked) {
    const stage = join(archives, nameOf(reference));
    const tree = join(stage, "tree");
    const entrypoint = await fillTree(nameOf(reference), tree, base, programs);
    await pack(tree, join(stage, "layer.tar"));
    await describeImage(stage, reference, ["layer.tar"], { Entrypoint: [entrypoint] });
    await execa(...imageArchive(stage, ["layer.tar"], join(archives, `${nameOf(reference)}.tar`)));
    await rm(stage, { recursive: true });
  }
}

/** `kube-apiserver` of `registry.k8s.io/kube-apiserver:v1.37.2` */
export function nameOf(reference: string): string {
  return reference.replace(/^.*\//, "").replace(/[:@].*$/, "");
}

async function pauseReference(base: string): Promise<string> {
  const pattern = 's/^ *sandbox_image = "(.*)"/\\1/p';
  const { stdout } = await execa("sed", ["-nE", pattern, join(base, "etc/containerd/config.toml")]);
  return stdout.trim();
}

/** The files that each image has, by path, and the program that each is. kube-proxy has more: see addProxyTools. */
const contents: Readonly<Record<string, readonly string[]>> = {
  "kube-apiserver": ["/usr/local/bin/kube-apiserver"],
  "kube-controller-manager": ["/usr/local/bin/kube-controller-manager"],
  "kube-scheduler": ["/usr/local/bin/kube-scheduler"],
  "kube-proxy": ["/usr/local/bin/kube-proxy"],
  etcd: ["/usr/local/bin/etcd", "/usr/local/bin/etcdctl"],
  coredns: ["/coredns"],
  pause: ["/pause"],
};

/** Puts an image's files into a new directory, and returns the path of its entrypoint. */
async function fillTree(name: string, tree: string, base: string, programs: string[]): Promise<string> {
  const [entrypoint, ...others] = contents[name] ?? [];
  if (!entrypoint) {
    throw new EnvironmentError(`kubeadm asks for an image "${name}" whose contents are not known here.`, {
      expected: Object.keys(contents).join(", "),
    });
  }
  for (const path of [entrypoint, ...others]) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await copyFile(await findProgram(path.replace(/^.*\//, ""), programs), join(tree, path));
  }
  for (const directory of ["etc", "tmp"]) await mkdir(join(tree, directory), { recursive: true });
  await chmod(join(tree, "tmp"), 0o1777);
  await writeFile(join(tree, "etc/passwd"), "root:x:0:0:root:/root:/sbin/nologin\n");
  if (name === "kube-proxy") await addProxyTools(tree, base);
  return entrypoint;
}

/** kube-proxy calls iptables, nft, conntrack and others: the node's own, with the libraries that they load. */
async function addProxyTools(tree: string, base: string): Promise<void> {
  const list = await execa("chroot", [base, "bash", "-s"], {
    inputFile: join(recipeDirectory, "proxy-files.sh"),
  });
  const files = join(dirname(tree), "files");
  await writeFile(files, list.stdout.replaceAll(/^\//gm, ""));
  const options = ["--create", "--directory", base, "--no-recursion", "--files-from", files];
  await execa("tar", options, { encoding: "buffer", buffer: false }).pipe("tar", [
    "--extract",
    "--directory",
    tree,
  ]);
  for (const tool of ["iptables", "ip6tables"]) {
    for (const command of [tool, `${tool}-save`, `${tool}-restore`]) {
      const path = join(tree, "usr/sbin", command);
      await copyFile(join(recipeDirectory, "iptables-wrapper"), path);
      await chmod(path, 0o755);
    }
  }
}

async function findProgram(name: string, programs: string[]): Promise<string> {
  for (const directory of programs) {
    const path = join(directory, name);
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`none of the node image's parts has a program ${name}`);
}
