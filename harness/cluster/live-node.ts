import { X509Certificate } from "node:crypto";
import { parse } from "yaml";
import { isObject, type Json } from "../config/json.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { flag, type Process, processes, readFileOf } from "../node/processes.ts";
import { Memo } from "../support/memo.ts";
import { until } from "../support/until.ts";
import { kubectl } from "./kubectl.ts";

/** The configuration of a component, and whether the live component told it itself. */
interface Told {
  config: Json;
  live: boolean;
}

/** What lives on one node, each part read once, when it is asked for. */
export class LiveNode {
  readonly node: Node;
  readonly #controlPlane: Node;
  readonly #memo = new Memo();

  /** @param controlPlane where the API is asked. */
  constructor(node: Node, controlPlane: Node) {
    this.node = node;
    this.#controlPlane = controlPlane;
  }

  /** The live process of a component; undefined where none runs. */
  async process(command: string): Promise<Process | undefined> {
    return (await processes(this.node)).find((process) => process.command === command);
  }

  /** The kubelet's configuration: its /configz, which shows every default, or its file where a config closes that. */
  kubelet(): Promise<Told> {
    return this.#memo.get("kubelet", async () => {
      try {
        const path = `/api/v1/nodes/${this.node.name}/proxy/configz`;
        const configz = JSON.parse(await kubectl(this.#controlPlane, ["get", "--raw", path]));
        return { config: configz.kubeletconfig, live: true };
      } catch {
        const kubelet = await this.process("kubelet");
        const file = kubelet && flag(kubelet, "config");
        const text = kubelet && file ? await readFileOf(this.node, kubelet, file) : "{}";
        return { config: parse(text) ?? {}, live: false };
      }
    });
  }

  /** kube-proxy's configuration: its /configz on the node, or what it was given where a config closes that. */
  proxy(given: Json): Promise<Told> {
    return this.#memo.get("kube-proxy", async () => {
      const address = String(given.metricsBindAddress || "127.0.0.1:10249").replace(
        /^(0\.0\.0\.0|\[::\])?:/,
        "127.0.0.1:",
      );
      const url = `http://${address}/configz`;
      const patience = ["--max-time", "10", "--retry", "8", "--retry-delay", "1", "--retry-connrefused"];
      const answer = await this.node.run(["curl", "--silent", ...patience, url]).catch(() => "");
      const config = answer.startsWith("{") ? Object.values(JSON.parse(answer))[0] : undefined;
      const own = isObject(config) && config.kind === "KubeProxyConfiguration";
      return own ? { config, live: true } : { config: given, live: false };
    });
  }

  /** The node as the API has it. */
  registered(): Promise<{ labels: Record<string, string>; taints: Json[] }> {
    return this.#memo.get("node", async () => {
      const { metadata, spec } = JSON.parse(
        await kubectl(this.#controlPlane, ["get", "node", this.node.name, "-o", "json"]),
      );
      return { labels: metadata.labels ?? {}, taints: spec.taints ?? [] };
    });
  }

  /** The ranges of its pods' addresses. The controller manager hands them out a moment after a node is Ready. */
  podRanges(): Promise<string[]> {
    return this.#memo.get("pod ranges", () =>
      until(`node ${this.node.name} to have its ranges of pod addresses`, async () => {
        const path = ["get", "node", this.node.name, "-o", "jsonpath={.spec.podCIDRs[*]}"];
        const ranges = (await kubectl(this.#controlPlane, path)).split(" ").filter(Boolean);
        return ranges.length > 0 && ranges;
      }),
    );
  }

  /** Where something is mounted for a process (1: for the node itself), with its options: `{"/a": ["ro"]}`. */
  mounts(pid = 1): Promise<Map<string, string[]>> {
    return this.#memo.get(`mounts ${pid}`, async () => {
      const lines = (await readFile(this.node, `/proc/${pid}/mountinfo`)).split("\n");
      return new Map(
        lines.map((line) => {
          const [, , , , point = "", options = ""] = line.split(" ");
          return [point.replaceAll("\\040", " "), options.split(",")];
        }),
      );
    });
  }

  /** The environment of a process, as `NAME=VALUE`. */
  async environment(pid: number): Promise<string[]> {
    return (await readFile(this.node, `/proc/${pid}/environ`)).split("\0");
  }

  /** The names and addresses in the certificate that a component's argument names; empty where it names none. */
  async namesInCertificate(command: string, argument: string): Promise<string[]> {
    const process = await this.process(command);
    const file = process && flag(process, argument);
    if (!file) return [];
    const { subjectAltName = "" } = new X509Certificate(await readFileOf(this.node, process, file));
    return subjectAltName.split(", ").map((name) => name.replace(/^(DNS|IP Address):/, ""));
  }
}
