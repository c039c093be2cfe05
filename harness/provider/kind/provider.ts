import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { engine } from "../../engine/engine.ts";
import type { NodeFacts, NodeRole } from "../../node/node.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { silent } from "../../support/progress.ts";
import type { CreateRequest, Provider } from "../provider.ts";
import { kindBinary } from "./binary.ts";
import { watchBoot } from "./diagnosis.ts";
import { dockerTransport } from "./transport.ts";
import { removePodmanVolumes } from "./volumes.ts";

const CLUSTER_LABEL = "io.x-k8s.kind.cluster";
const ROLE_LABEL = "io.x-k8s.kind.role";

/** Nodes as containers, made by kind. */
export const kind: Provider = {
  name: "kind",
  create,
  nodes,
  transport: dockerTransport,
  network: () => process.env.KIND_EXPERIMENTAL_DOCKER_NETWORK || "kind",
  destroy,
  list,
  exportLogs,
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
    });
    if (subprocess.pid) request.started(subprocess.pid);
    subprocess.stderr?.on("data", (chunk: Buffer) => say(currentStep(chunk.toString())));
    const ended = subprocess.then(({ exitCode, all }) => ({ exitCode, output: all ?? "" }));
    await watchBoot(request.name, { pid: subprocess.pid, ended });
  });
}

/** kind announces each of its steps with a bullet: ` • Preparing nodes 📦  ...`. */
function currentStep(output: string): string {
  const steps = [...output.matchAll(/[•✓✗] ([^\n]+?)\s*(?:\p{Extended_Pictographic}.*)?$/gmu)];
  return steps.at(-1)?.[1] ?? "";
}

async function nodes(name: string): Promise<NodeFacts[]> {
  const ids = await lines(["ps", "-aq", "--filter", `label=${CLUSTER_LABEL}=${name}`]);
  if (ids.length === 0) return [];
  const { stdout } = await engine(["inspect", ...ids]);
  const containers = JSON.parse(stdout) as Container[];
  return containers
    .map((container) => ({
      name: container.Name.replace(/^\//, ""),
      role: (container.Config.Labels[ROLE_LABEL] ?? "worker") as NodeRole,
      addresses: Object.values(container.NetworkSettings.Networks)
        .flatMap((network) => [network.IPAddress, network.GlobalIPv6Address])
        .filter((address) => address !== ""),
    }))
    .filter(({ role }) => role === "control-plane" || role === "worker") // kind's load balancer is no node
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

interface Container {
  Name: string;
  Config: { Labels: Record<string, string> };
  NetworkSettings: { Networks: Record<string, { IPAddress: string; GlobalIPv6Address: string }> };
}

/**
 * Removes the node containers as `kind delete cluster` does. Not by kind itself: its delete also edits the user's own
 * kubeconfig, and must not be needed when a watchdog cleans up. Repeated until none is left, since an engine may still
 * be making a container that a killed kind asked for.
 */
async function destroy(name: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const ids = await lines(["ps", "-aq", "--filter", `label=${CLUSTER_LABEL}=${name}`]);
    if (ids.length === 0) return removePodmanVolumes(name);
    await engine(["rm", "--force", "--volumes", ...ids], { reject: false });
  }
  throw new EnvironmentError(`The containers of cluster ${name} cannot be removed.`, {
    remedy: `docker rm -f -v $(docker ps -aq --filter label=${CLUSTER_LABEL}=${name})`,
  });
}

async function list(): Promise<string[]> {
  const format = `{{.Label "${CLUSTER_LABEL}"}}`;
  return [...new Set(await lines(["ps", "-a", "--filter", `label=${CLUSTER_LABEL}`, "--format", format]))];
}

async function exportLogs(name: string, directory: string): Promise<void> {
  await execa(await kindBinary(silent), ["export", "logs", directory, "--name", name], { stdin: "ignore" });
}

async function lines(argv: string[]): Promise<string[]> {
  const { stdout } = await engine(argv);
  return stdout.split("\n").filter(Boolean);
}
