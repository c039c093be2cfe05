import type { Release } from "./versions.ts";

/** One or more programs that are built from one published Go module. */
export interface GoComponent {
  name: string;
  version: string;
  /** Where its programs go: into the node's file system, or into the images of a cluster's components. */
  place: "node" | "image";
  /** The module with the programs; none where the recipe's own source needs no other. */
  module?: string;
  /** Packages below the module that are commands; "" is the module itself. */
  commands?: readonly string[];
  /** A directory of the recipe with a main package, which takes the place of the module's commands. */
  main?: string;
  tags?: string;
  /** Variables that the linker is to set (`-X`), where the program says its version from one. */
  stamp?: Readonly<Record<string, string>>;
  /** Go names a command after its package's last element: new names where that is not what it is called. */
  rename?: Readonly<Record<string, string>>;
  /** Libraries that are to be newer than the module itself asks for. */
  libraries?: Readonly<Record<string, string>>;
}

/** The kind whose files the node image is made of, and which is to boot it. */
export const kindVersion = "v0.33.0";

/** What that kind puts in front of several control planes (its pkg/cluster/internal/loadbalancer/const.go). */
export const loadBalancer = { image: "docker.io/envoyproxy/envoy:v1.36.2", envoy: "1.36.2" };

export const kubernetesModule = "k8s.io/kubernetes";

const kubernetesCommands = [
  "kubeadm",
  "kubelet",
  "kubectl",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
];

/**
 * crictl and CoreDNS are built with the libraries of the newest Kubernetes that we build: they are compiled for that
 * anyway, so that crictl takes 8 s instead of 27, and CoreDNS 14 s instead of 60. Nothing that a claim speaks of is
 * built with libraries other than its own.
 */
const kubernetesLibraries = (...names: string[][]): Record<string, string> =>
  Object.fromEntries(names.flat().map((name) => [`k8s.io/${name}`, "v0.37.2"]));

const containerdModule = "github.com/containerd/containerd/v2";

/** All programs of a node image but Kubernetes' own, in the order in which to build them. */
export function otherComponents({ etcd }: Release): GoComponent[] {
  return [
    {
      name: "containerd", // 2, because Kubernetes 1.36 and later want it
      version: "v2.3.7",
      place: "node",
      module: containerdModule,
      commands: ["cmd/containerd", "cmd/ctr", "cmd/containerd-shim-runc-v2"],
      tags: "no_aufs,no_zfs,no_btrfs,no_devmapper",
      stamp: { [`${containerdModule}/version.Version`]: "v2.3.7" },
    },
    {
      name: "cni-plugins",
      version: "v1.9.1",
      place: "node",
      module: "github.com/containernetworking/plugins",
      commands: [
        "plugins/main/ptp",
        "plugins/main/loopback",
        "plugins/ipam/host-local",
        "plugins/meta/portmap",
      ],
    },
    {
      name: "etcd",
      version: etcd,
      place: "image",
      module: "go.etcd.io/etcd/server/v3",
      commands: [""],
      rename: { server: "etcd" },
    },
    { name: "etcdctl", version: etcd, place: "image", module: "go.etcd.io/etcd/etcdctl/v3", commands: [""] },
    { name: "pause", version: "v1", place: "image", main: "pause" },
    // The last two find most of their packages compiled already, for Kubernetes.
    {
      name: "crictl",
      version: "v1.36.0",
      place: "node",
      module: "sigs.k8s.io/cri-tools",
      commands: ["cmd/crictl"],
      stamp: { "sigs.k8s.io/cri-tools/pkg/version.Version": "v1.36.0" },
      libraries: kubernetesLibraries(
        ["api", "apimachinery", "apiserver", "cli-runtime", "client-go", "component-base", "cri-api"],
        ["cri-client", "cri-streaming", "kubectl", "kubelet", "streaming"],
      ),
    },
    {
      name: "coredns",
      version: "v1.14.6",
      place: "image",
      module: "github.com/coredns/coredns",
      main: "coredns",
      libraries: kubernetesLibraries(["api", "apimachinery", "client-go"]),
    },
  ];
}

/** The seven commands of Kubernetes, in one build: they share most of their packages. */
export function kubernetesOf({ kubernetes }: Release): GoComponent {
  const [major = "", minor = ""] = kubernetes.slice(1).split(".");
  const facts = {
    gitVersion: kubernetes, // kubeadm refuses to work where this is no release
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "clean",
    gitCommit: "unknown",
    buildDate: "1970-01-01T00:00:00Z",
  };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return {
    name: "kubernetes",
    version: kubernetes,
    place: "image",
    module: kubernetesModule,
    commands: kubernetesCommands.map((command) => `cmd/${command}`),
    stamp: Object.fromEntries(
      packages.flatMap((path) => Object.entries(facts).map(([name, value]) => [`${path}.${name}`, value])),
    ),
  };
}
