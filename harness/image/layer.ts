import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached } from "../cached.ts";
import { nodeBase } from "./base.ts";
import { coredns, etcdOf, kubernetesOf, pause } from "./components.ts";
import { goBinaries } from "./go.ts";
import { componentImages, type Programs } from "./inside.ts";
import { digestOf, recipeDirectory } from "./key.ts";
import { secluded } from "./machine.ts";
import { pack } from "./tar.ts";
import type { Release } from "./versions.ts";

type Say = (detail: string) => void;

/** The two layers of a node image: directories that each hold `root` and `layer.tar`. */
export interface NodeLayers {
  base: string;
  kubernetes: string;
}

/** Builds what the cache does not have of a release's node image. Compiling and fetching go on side by side. */
export async function nodeLayers(release: Release, say: Say): Promise<NodeLayers> {
  const [etcd, etcdctl] = etcdOf(release);
  if (!etcd || !etcdctl) throw new Error("etcdOf names etcd and etcdctl");
  const [base, kubernetes, ...others] = await Promise.all([
    nodeBase(say),
    goBinaries(kubernetesOf(release), say),
    goBinaries(etcd, say),
    goBinaries(etcdctl, say),
    goBinaries(coredns, say),
    goBinaries(pause, say),
  ]);
  const [etcdPrograms = "", etcdctlPrograms = "", corednsPrograms = "", pausePrograms = ""] = others;
  const programs: Programs = {
    kubernetes,
    etcd: etcdPrograms,
    etcdctl: etcdctlPrograms,
    coredns: corednsPrograms,
    pause: pausePrograms,
    base: join(base, "root"),
  };
  return { base, kubernetes: await kubernetesLayer(release, base, programs, say) };
}

async function kubernetesLayer(release: Release, base: string, programs: Programs, say: Say): Promise<string> {
  const version = `v${release.kubernetes}`;
  const parts = [base, ...Object.values(programs)].map((path) => path.split("/").at(-1));
  const key = await digestOf(parts.join(), "");
  return cached(["image", "parts", `node-${version}-${key}`], say, async (directory) => {
    say(`${version}: the images of its components`);
    const root = join(directory, "root");
    await mkdir(join(root, "usr/bin"), { recursive: true });
    await mkdir(join(root, "kind"), { recursive: true });
    for (const program of ["kubeadm", "kubelet", "kubectl"]) {
      await copyFile(join(programs.kubernetes, program), join(root, "usr/bin", program));
    }
    await writeFile(join(root, "kind/version"), version);
    const archives = join(directory, "archives");
    const store = join(root, "var/lib/containerd");
    await Promise.all([archives, store].map((path) => mkdir(path, { recursive: true })));
    await componentImages(version, programs, archives);
    await execa(...secluded("bash", [join(recipeDirectory, "import.sh"), programs.base, store, archives]), {
      stdin: "ignore",
    });
    await rm(archives, { recursive: true });
    await pack(root, join(directory, "layer.tar"));
  });
}
