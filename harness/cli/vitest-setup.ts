import { exposures } from "../../clusters/index.ts";
import type { RunSetup } from "../claim/claim.ts";
import { exposuresOf } from "../claim/exposure.ts";
import { attach } from "../cluster/attach.ts";
import { bootUnder } from "../cluster/boot.ts";
import { loadDefinition } from "../config/kind-config.ts";
import { Lease } from "../lease/lease.ts";
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
    : attach(name ?? "");
  project.provide("planeproof", {
    run: crypto.randomUUID(),
    facts: cluster.facts,
    exposures: await exposuresOf(cluster, exposures),
  });
  return async () => lease?.[Symbol.asyncDispose]();
}
