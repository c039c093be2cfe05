import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { pinEngine, withEngine } from "../../engine/engine.ts";
import { requireWorkingEngine } from "../../engine/working.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { silent } from "../../support/progress.ts";
import type { CreateRequest, Provider } from "../provider.ts";
import { kindBinary } from "./binary.ts";
import { destroy, list, nodes } from "./containers.ts";
import { watchBoot } from "./diagnosis.ts";
import { currentStep, gatewayIn } from "./output.ts";
import { containerTransport } from "./transport.ts";

/** Nodes as containers, made by kind. */
export const kind: Provider = {
  name: "kind",
  create,
  nodes,
  transport: containerTransport,
  kubeadmConfig: (node) => output(node, ["cat", "/kind/kubeadm.conf"]),
  pin: pinEngine,
  destroy: (cluster, pin) => withEngine(pin, () => destroy(cluster)),
  list,
  exportLogs,
  // Loaded when a claim needs it: testcontainers weighs more than all else that a boot loads.
  neighbour: async (request) => (await import("./neighbour.ts")).neighbour(request),
  hostAddress: async (node) => gatewayIn(await output(node, ["ip", "route", "show", "default"])),
  requireWorking: requireWorkingEngine,
};

async function create(request: CreateRequest): Promise<void> {
  const binary = await kindBinary(request.progress);
  const config = join(dirname(request.kubeconfig), `${request.name}.yaml`);
  await writeFile(config, stringify(request.config));
  const argv = ["create", "cluster", "--name", request.name, "--config", config, "--retain"];
  argv.push("--kubeconfig", request.kubeconfig, ...(request.image ? ["--image", request.image] : []));

  await request.progress.step("create cluster with kind", async (say) => {
    // In a process group of its own: a Ctrl-C on the terminal must reach us, not cut kind's work in two.
    const subprocess = execa(binary, argv, {
      stdin: "ignore",
      all: true,
      reject: false,
      detached: true,
      cleanup: false,
      env: request.mark,
    });
    request.begun();
    subprocess.stderr?.on("data", (chunk: Buffer) => say(currentStep(chunk.toString())));
    const ended = subprocess.then(({ exitCode, all }) => ({ exitCode, output: all ?? "" }));
    await watchBoot(request.name, { pid: subprocess.pid, ended });
  });
}

async function exportLogs(cluster: string, directory: string): Promise<void> {
  await execa(await kindBinary(silent), ["export", "logs", directory, "--name", cluster], {
    stdin: "ignore",
  });
}

/** The stdout of a command in a node. */
async function output(node: string, argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await containerTransport(node).exec(argv, { timeoutMs: 30_000 });
  if (exitCode === 0) return stdout;
  throw new EnvironmentError(`\`${argv.join(" ")}\` failed on node ${node}.`, { found: stderr.trim() });
}
