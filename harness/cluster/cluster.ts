import { dirname } from "node:path";
import { KubernetesVersion } from "../config/version.ts";
import { Node, type NodeFacts } from "../node/node.ts";
import type { Capability, Neighbour, Provider, ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { EnvironmentError } from "../support/errors.ts";
import type { TimedStep } from "../support/progress.ts";
import type { ClusterSettings } from "./settings.ts";

/** A setting that the config asks for, and what the live cluster has. */
export interface ProvedPatch {
  path: string;
  /** Where in the file: `my.yaml:12`; not said of kind's own fields. */
  where?: string;
  asked: string;
  found: string;
  /** Whether it was seen in force. */
  landed: boolean;
  state: "landed" | "not-provable";
  /** Why it cannot be seen in force. */
  why?: string;
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
  /** What made its nodes. */
  readonly provider: Provider;

  constructor(facts: ClusterFacts) {
    this.facts = facts;
    this.version = new KubernetesVersion(facts.kubernetes);
    this.provider = providerOf(facts.provider);
    this.nodes = facts.nodes.map(
      (node) => new Node(node, this.provider.transport(node.machine ?? node.name)),
    );
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

  /** Starts a machine beside the nodes. Claims that need one have the precondition `offers("neighbour")`. */
  neighbour(): Promise<Neighbour> {
    const start = this.#capability("neighbour");
    return start({ cluster: this.facts.name, directory: dirname(this.facts.kubeconfig) });
  }

  /** Where a node reaches a server on the machine that runs us. Claims that need it: `offers("hostAddress")`. */
  hostAddress(node: Node): Promise<string> {
    const { machine = node.name } = this.facts.nodes.find(({ name }) => name === node.name) ?? {};
    return this.#capability("hostAddress")(machine);
  }

  #capability<C extends Capability>(name: C): NonNullable<Provider[C]> {
    const capability = this.provider[name];
    if (capability) return capability;
    throw new EnvironmentError(`The provider ${this.provider.name} has no ${name}.`);
  }

  /** A file of kubeadm's PKI directory: `pki("etcd/ca.crt")`. */
  pki(file: string): string {
    return `${this.facts.settings.certificatesDir}/${file}`;
  }
}
