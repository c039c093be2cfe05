import { GenericContainer } from "testcontainers";
import { engineApi } from "../../engine/api.ts";
import { engine } from "../../engine/engine.ts";
import type { Neighbour, NeighbourRequest } from "../provider.ts";
import { NEIGHBOUR_LABEL, network, nodes } from "./containers.ts";
import { containerTransport } from "./transport.ts";

/**
 * Starts a container of the node image on the nodes' network. `destroy` removes it: Ryuk, testcontainers' own reaper, is
 * not available everywhere and knows only its own labels.
 */
export async function neighbour({ cluster, directory }: NeighbourRequest): Promise<Neighbour> {
  process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
  process.env.DOCKER_HOST = await engineApi(directory);
  const container = await new GenericContainer(await nodeImage(cluster))
    .withEntrypoint(["sleep", "infinity"])
    .withNetworkMode(network())
    .withLabels({ [NEIGHBOUR_LABEL]: cluster })
    .withReuse() // the kill matrix proves claims on one cluster a hundred times
    .start();
  const name = container.getName().replace(/^\//, "");
  return { address: container.getIpAddress(network()), transport: containerTransport(name) };
}

/** The image of a node, which the engine has. */
async function nodeImage(cluster: string): Promise<string> {
  const [node] = await nodes(cluster);
  const { stdout } = await engine(["inspect", "--format", "{{.Config.Image}}", node?.name ?? cluster]);
  return stdout.trim();
}
