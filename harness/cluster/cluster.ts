import { KubernetesVersion } from "../config/version.ts";
import { Node, type NodeFacts } from "../node/node.ts";
import type { ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { EnvironmentError } from "../support/errors.ts";
import type { TimedStep } from "../support/progress.ts";

/** A patch of the config, and what the live cluster has. */
export interface ProvedPatch {
  path: string;
  asked: string;
  found: string;
  landed: true;
}

/** What a config may change about a cluster, as kubeadm itself wrote it down. */
export interface ClusterSettings {
  /** Where kubeadm keeps the cluster's keys and certificates on a control plane. */
  certificatesDir: string;
  /** `kubernetes` unless the config says otherwise. */
  clusterName: string;
  /** `cluster.local` unless the config says otherwise. */
  dnsDomain: string;
}

/** A booted cluster as plain data: it can be handed to another process. */
export interface ClusterFacts {
  /** Its own name on this machine. */
  name: string;
  /** The name of its config: `default`. */
  title: string;
  /** The config file, as the user named it. */
  config: string;
  provider: ProviderName;
  /** `v1.37.2` */
  kubernetes: string;
  /** The session whose lease holds it. */
  session: string;
  /** The administrator's kubeconfig file. */
  kubeconfig: string;
  nodes: NodeFacts[];
  settings: ClusterSettings;
  patches: ProvedPatch[];
  boot: { ms: number; steps: TimedStep[] };
}

/** A booted cluster. */
export class Cluster {
  readonly facts: ClusterFacts;
  readonly version: KubernetesVersion;
  readonly nodes: readonly Node[];

  constructor(facts: ClusterFacts) {
    this.facts = facts;
    this.version = new KubernetesVersion(facts.kubernetes);
    const provider = providerOf(facts.provider);
    this.nodes = facts.nodes.map((node) => new Node(node, provider.transport(node.name)));
  }

  get controlPlanes(): Node[] {
    return this.nodes.filter((node) => node.role === "control-plane");
  }

  /** The control plane on which `kubeadm init` ran. */
  get controlPlane(): Node {
    const [first] = this.controlPlanes;
    if (!first) throw new EnvironmentError(`Cluster ${this.facts.name} has no control plane.`);
    return first;
  }

  /** The network that the nodes are on. */
  get network(): string {
    return providerOf(this.facts.provider).network();
  }

  /** A file of kubeadm's PKI directory: `pki("etcd/ca.crt")`. */
  pki(file: string): string {
    return `${this.facts.settings.certificatesDir}/${file}`;
  }
}
