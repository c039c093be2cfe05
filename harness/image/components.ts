import type { Release } from "./versions.ts";

/** A program, or several, built from one published Go module. */
export interface GoComponent {
  name: string;
  module: string;
  /** The module's version as the proxy knows it: `v2.3.7`. */
  version: string;
  /** Packages below the module that are commands; "" is the module itself. */
  commands: readonly string[];
  tags?: string;
  /** Variables that the linker is to set (`-X`), where the program says its version from one. */
  stamp?: Readonly<Record<string, string>>;
  /** Go names a command after its package's last element: new names where that is not what it is called. */
  rename?: Readonly<Record<string, string>>;
  /** A directory of the recipe with a main package of our own, which takes the place of the module's commands. */
  main?: string;
  /** Whether its staging modules have to be named one by one (k8s.io/kubernetes alone). */
  staging?: boolean;
}

/** The kind whose files the node image is made of, and which is to boot it. */
export const kindVersion = "v0.33.0";

export const kubernetesCommands = [
  "kubeadm",
  "kubelet",
  "kubectl",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
] as const;

const containerdModule = "github.com/containerd/containerd/v2";

/** What every node image has, whatever its Kubernetes version. Kubernetes 1.36 and later want containerd 2. */
export const baseComponents: readonly GoComponent[] = [
  {
    name: "containerd",
    module: containerdModule,
    version: "v2.3.7",
    commands: ["cmd/containerd", "cmd/ctr", "cmd/containerd-shim-runc-v2"],
    tags: "no_aufs,no_zfs,no_btrfs,no_devmapper",
    stamp: { [`${containerdModule}/version.Version`]: "v2.3.7" },
  },
  {
    name: "cni-plugins",
    module: "github.com/containernetworking/plugins",
    version: "v1.9.1",
    commands: ["plugins/main/ptp", "plugins/main/loopback", "plugins/ipam/host-local", "plugins/meta/portmap"],
  },
  {
    name: "crictl",
    module: "sigs.k8s.io/cri-tools",
    version: "v1.36.0",
    commands: ["cmd/crictl"],
    stamp: { "sigs.k8s.io/cri-tools/pkg/version.Version": "v1.36.0" },
  },
];

export const coredns: GoComponent = {
  name: "coredns",
  module: "github.com/coredns/coredns",
  version: "v1.14.6",
  commands: [],
  main: "coredns",
};

export const pause: GoComponent = { name: "pause", module: "", version: "v1", commands: [], main: "pause" };

/** etcd and etcdctl at the version that a release's kubeadm is made for. */
export function etcdOf({ etcd }: Release): GoComponent[] {
  const version = `v${etcd}`;
  return [
    {
      name: "etcd",
      module: "go.etcd.io/etcd/server/v3",
      version,
      commands: [""],
      rename: { server: "etcd", v3: "etcd" },
    },
    {
      name: "etcdctl",
      module: "go.etcd.io/etcd/etcdctl/v3",
      version,
      commands: [""],
      rename: { v3: "etcdctl" },
    },
  ];
}

/** The seven commands of Kubernetes, in one build: they share most of their packages. */
export function kubernetesOf({ kubernetes }: Release): GoComponent {
  const [major = "", minor = ""] = kubernetes.split(".");
  const facts = {
    gitVersion: `v${kubernetes}`, // kubeadm refuses to work where this is no release
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "clean",
    gitCommit: "unknown",
    buildDate: "1970-01-01T00:00:00Z",
  };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return {
    name: "kubernetes",
    module: "k8s.io/kubernetes",
    version: `v${kubernetes}`,
    commands: kubernetesCommands.map((command) => `cmd/${command}`),
    stamp: Object.fromEntries(
      packages.flatMap((path) => Object.entries(facts).map(([name, value]) => [`${path}.${name}`, value])),
    ),
    staging: true,
  };
}
