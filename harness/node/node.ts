import type { Duplex } from "node:stream";
import { EnvironmentError, oneLine } from "../support/errors.ts";
import { touch } from "../support/touches.ts";

export type NodeRole = "control-plane" | "worker";

/** What a provider must be able to do inside a node; everything else about nodes is built on these two. */
export interface NodeTransport {
  /** Runs a command to its end. Never throws for a non-zero exit. `timeoutMs` ends it (exit code 124). */
  exec(argv: string[], options: { input?: string; timeoutMs: number }): Promise<CommandResult>;
  /** Starts a command and returns its stdin and stdout as one stream; stderr is collected for error texts. */
  stream(argv: string[]): { io: Duplex; stderr: () => string };
}

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** What describes a node across processes. */
export interface NodeFacts {
  name: string;
  /** The provider's name for its machine, where nodeRegistration.name gives the node another. */
  machine?: string;
  role: NodeRole;
  /** The version of its kubelet, in the kubelet's own words: `v1.37.2`; absent until the node is Ready. */
  kubelet?: string;
  /** Its addresses on the cluster's network; the first is the one its kubelet reports first. */
  addresses: string[];
}

/** One machine of a cluster: run a command on it, or open a stream to something running on it. */
export class Node {
  readonly name: string;
  readonly role: NodeRole;
  readonly addresses: readonly string[];
  readonly transport: NodeTransport;

  constructor(facts: NodeFacts, transport: NodeTransport) {
    this.name = facts.name;
    this.role = facts.role;
    this.addresses = facts.addresses;
    this.transport = transport;
  }

  /** The address by which the other components know this node. */
  get address(): string {
    const [first] = this.addresses;
    if (!first) throw new EnvironmentError(`Node ${this.name} has no address.`);
    return first;
  }

  /**
   * Runs a command and returns its stdout, whole. A non-zero exit is an EnvironmentError with the command's
   * stderr. Ended after `timeoutMs` (default 30 s).
   */
  async run(argv: string[], { input, timeoutMs = 30_000 }: RunOptions = {}): Promise<string> {
    const result = await this.transport.exec(argv, { timeoutMs, ...(input === undefined ? {} : { input }) });
    if (result.exitCode === 0) return result.stdout;
    throw new EnvironmentError(`A command on node ${this.name} failed.`, {
      where: oneLine(argv.join(" ")),
      expected: "exit code 0",
      found: `exit code ${result.exitCode}: ${oneLine(result.stderr || result.stdout)}`,
    });
  }

  /** As `run`, for a command that changes something on the node: what a claim does so counts as touching it. */
  async change(argv: string[], options: RunOptions = {}): Promise<string> {
    touch("node", `${oneLine(argv.join(" "), 80)} on ${this.name}`);
    return this.run(argv, options);
  }
}

export interface RunOptions {
  input?: string;
  timeoutMs?: number;
}
