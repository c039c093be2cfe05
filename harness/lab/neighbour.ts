import type { Cluster } from "../cluster/cluster.ts";
import { relayed, type Vantage } from "../probe/vantage.ts";

/** Starts a machine beside the nodes, and returns the vantage from inside it. It goes with the cluster. */
export async function neighbourOf(cluster: Cluster): Promise<Vantage> {
  const { address, transport } = await cluster.neighbour();
  return relayed("neighbour", `neighbour ${address}`, transport);
}
