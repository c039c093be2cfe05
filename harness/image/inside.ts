import { chmod, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { EnvironmentError } from "../errors.ts";
import { recipeDirectory } from "./key.ts";
import { describeImage, type ImageConfig, imageArchive, pack } from "./tar.ts";

/** Where the programs are that go into the images of a cluster's own components. */
export interface Programs {
  kubernetes: string;
  etcd: string;
  etcdctl: string;
  coredns: string;
  pause: string;
  /** The root of the node base: kube-proxy's image takes iptables and its kin from there. */
  base: string;
}

/** One image inside the node image: files by their path in it, and how it starts. */
interface Recipe {
  files: Record<string, string>;
  config: ImageConfig;
}

/**
 * Writes an archive of each image that kubeadm of this version will ask containerd for, under the very name that it
 * will ask for, and of the pause image that containerd's configuration names.
 * @param archives an empty directory that is to hold them
 */
export async function componentImages(version: string, programs: Programs, archives: string): Promise<void> {
  const asked = await imagesAskedFor(version, programs);
  await Promise.all(asked.map((reference) => componentImage(reference, programs, archives)));
}

async function imagesAskedFor(version: string, { kubernetes, base }: Programs): Promise<string[]> {
  const kubeadm = join(kubernetes, "kubeadm");
  const { stdout } = await execa(kubeadm, ["config", "images", "list", "--kubernetes-version", version]);
  // kind's containerd has a pause image of its own, whatever kubeadm would take.
  const config = await execa("sed", ["-nE", 's/^ *sandbox_image = "(.*)"/\\1/p', join(base, "etc/containerd/config.toml")]);
  return [...stdout.split("\n").filter((reference) => !reference.includes("/pause:")), config.stdout.trim()];
}

async function componentImage(reference: string, programs: Programs, archives: string): Promise<void> {
  const name = basename(reference).replace(/:.*/, "");
  const stage = join(archives, `${name}.stage`);
  const tree = join(stage, "tree");
  await mkdir(join(tree, "tmp"), { recursive: true });
  await chmod(join(tree, "tmp"), 0o1777);
  const { files, config } = recipeOf(name, programs);
  if (name === "kube-proxy") await proxyFiles(programs.base, tree);
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await cp(source, join(tree, path));
    await chmod(join(tree, path), 0o755);
  }
  await mkdir(join(tree, "etc"), { recursive: true });
  await writeFile(join(tree, "etc/passwd"), "root:x:0:0:root:/root:/sbin/nologin\n");
  await pack(tree, join(stage, "layer.tar"));
  await describeImage(stage, reference, ["layer.tar"], config);
  await execa(...imageArchive(stage, ["layer.tar"], join(archives, `${name}.tar`)));
  await rm(stage, { recursive: true });
}

function recipeOf(name: string, programs: Programs): Recipe {
  const one = (source: string, path: string): Recipe => ({ files: { [path]: source }, config: { Entrypoint: [path] } });
  switch (name) {
    case "kube-apiserver":
    case "kube-controller-manager":
    case "kube-scheduler":
      return one(join(programs.kubernetes, name), `/usr/local/bin/${name}`);
    case "kube-proxy": {
      const wrapper = join(recipeDirectory, "iptables-wrapper");
      const calls = ["iptables", "ip6tables"].flatMap((tool) => [tool, `${tool}-save`, `${tool}-restore`]);
      const { files, config } = one(join(programs.kubernetes, name), `/usr/local/bin/${name}`);
      for (const call of calls) files[`/usr/sbin/${call}`] = wrapper;
      return { files, config };
    }
    case "etcd": {
      const files = { "/usr/local/bin/etcd": join(programs.etcd, "etcd"), "/usr/local/bin/etcdctl": join(programs.etcdctl, "etcdctl") };
      return { files, config: { Entrypoint: ["/usr/local/bin/etcd"] } };
    }
    case "coredns":
      return one(join(programs.coredns, "coredns"), "/coredns");
    case "pause":
      return one(join(programs.pause, "pause"), "/pause");
    default:
      throw new EnvironmentError(`kubeadm asks for an image "${name}" that nobody here knows how to make.`, {
        where: "harness/image/inside.ts",
      });
  }
}

async function proxyFiles(base: string, tree: string): Promise<void> {
  const script = join(recipeDirectory, "proxy-files.sh");
  const { stdout } = await execa("chroot", [base, "bash", "-s"], { inputFile: script });
  const out = execa("tar", ["--create", "--directory", base, "--no-recursion", "--files-from", "-"], {
    input: stdout.split("\n").map((path) => path.slice(1)).join("\n"),
    encoding: "buffer",
    buffer: false,
  });
  await out.pipe("tar", ["--extract", "--directory", tree]);
}
