import { dirname } from "node:path";
import { GenericContainer } from "testcontainers";
import type { Cluster } from "../cluster/cluster.ts";
import { engineApi } from "../engine/api.ts";
import { engine } from "../engine/engine.ts";
import { SESSION_LABEL } from "../lease/lease-file.ts";
import { relayed, type Vantage } from "../probe/vantage.ts";
import { dockerTransport } from "../provider/kind/transport.ts";

/**
 * Starts a container of the node image on the nodes' network, and returns the vantage from inside it. It ends with the
 * session's lease: Ryuk, testcontainers' own reaper, cannot be had everywhere and knows only its own labels.
 */
export async function neighbourOf(cluster: Cluster): Promise<Vantage> {
  process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
  process.env.DOCKER_HOST = await engineApi(dirname(cluster.facts.kubeconfig));
  const { stdout } = await engine(["inspect", "--format", "{{.Config.Image}}", cluster.controlPlane.name]);
  const container = await new GenericContainer(stdout.trim())
    .withEntrypoint(["sleep", "infinity"])
    .withNetworkMode(cluster.network)
    .withLabels({ [SESSION_LABEL]: cluster.facts.session })
    .start();
  const name = container.getName().replace(/^\//, "");
  return relayed("neighbour", `neighbour ${container.getIpAddress(cluster.network)}`, dockerTransport(name));
}
