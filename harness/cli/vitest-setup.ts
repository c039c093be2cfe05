import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exposures } from "../../clusters/index.ts";
import type { RunSetup } from "../claim/claim.ts";
import { exposuresOf } from "../claim/exposure.ts";
import { bootUnder } from "../cluster/boot.ts";
import { Cluster, type ClusterFacts } from "../cluster/cluster.ts";
import { loadDefinition } from "../config/kind-config.ts";
import { Lease } from "../lease/lease.ts";
import { leases } from "../lease/lease-file.ts";
import { UsageError } from "../support/errors.ts";
import { configFile } from "./paths.ts";

/** As much of vitest's project as is needed here. */
interface Project {
  provide(key: "planeproof", setting: RunSetup): void;
}

/** vitest's global setup for the suites: a cluster that is already up, or one that lasts as long as vitest. */
export default async function setup(project: Project): Promise<() => Promise<void>> {
  const name = process.env.PLANEPROOF_CLUSTER;
  const lease = name ? undefined : await Lease.open();
  const cluster = lease
    ? await bootUnder(lease, await loadDefinition(configFile("default")))
    : new Cluster(await factsOf(name ?? ""));
  project.provide("planeproof", {
    run: crypto.randomUUID(),
    facts: cluster.facts,
    exposures: await exposuresOf(cluster, exposures),
  });
  return async () => lease?.[Symbol.asyncDispose]();
}

async function factsOf(name: string): Promise<ClusterFacts> {
  const lease = leases().find(({ clusters }) => clusters.some((cluster) => cluster.name === name));
  if (!lease)
    throw new UsageError(`No cluster ${name} is up.`, { remedy: `planeproof up default --name ${name}` });
  return JSON.parse(await readFile(join(lease.directory, `${name}.json`), "utf8")) as ClusterFacts;
}
