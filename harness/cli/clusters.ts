import { bootUnder } from "../cluster/boot.ts";
import { loadDefinition } from "../config/kind-config.ts";
import { Lease } from "../lease/lease.ts";
import { leases } from "../lease/lease-file.ts";
import { pruneInBackground } from "../lease/prune.ts";
import { reap } from "../lease/reap.ts";
import { UsageError } from "../support/errors.ts";
import { nearest } from "../support/nearest.ts";
import { exportLogs } from "./exported-logs.ts";
import { holding } from "./interrupt.ts";
import { configFile } from "./paths.ts";
import { progressFor } from "./progress.ts";

/** Boots a cluster that stays until `down`. */
export async function up(config: string, { name, k8s }: { name: string; k8s?: string }): Promise<number> {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
    throw new UsageError("A cluster cannot have that name.", {
      expected: "at most 40 of a-z, 0-9 and -: the host names of its nodes start with it",
      found: name,
    });
  }
  const definition = await loadDefinition(configFile(config));
  pruneInBackground();
  return holding(await Lease.open(), async (lease) => {
    const { facts } = await bootUnder(lease, definition, { name, kubernetes: k8s, progress: progressFor() });
    lease.keep(name, facts);
    process.stdout.write(`${name} is up (${facts.kubernetes}).\n`);
    process.stdout.write(`  export KUBECONFIG=${facts.kubeconfig}\n  planeproof down ${name}\n`);
    return 0;
  });
}

/** Destroys a cluster that planeproof booted, and no other. */
export async function down(name: string): Promise<number> {
  const lease = leaseOf(name);
  if (lease.owner === "alive" || lease.owner === "elsewhere") {
    throw new UsageError(`Cluster ${name} is in use.`, {
      where: `process ${lease.pid} on ${lease.place.host}, since its lease of session ${lease.session}`,
      expected: "a cluster of `planeproof up`, a kept one, or one whose owner died",
      remedy: "let that process end, or end it with Ctrl-C: its cluster goes with it",
    });
  }
  await reap(lease);
  process.stdout.write(`${name} is gone.\n`);
  return 0;
}

/** Lists the clusters of planeproof: name, config, owner. */
export async function ls(): Promise<number> {
  for (const { clusters, owner, pid, deadline } of leases()) {
    const whose = {
      alive: `process ${pid}`,
      dead: "owner died, `planeproof prune` destroys it",
      elsewhere: `process ${pid} of another pid namespace or machine`,
      nobody: "kept",
    }[owner];
    const until = owner === "nobody" ? "" : ` until ${deadline}`;
    for (const { name, title } of clusters) process.stdout.write(`${name}\t${title}\t${whose}${until}\n`);
  }
  return 0;
}

/** Destroys what dead owners and reboots left behind. Clusters of running processes and kept ones stay. */
export async function prune(): Promise<number> {
  const dead = leases().filter(({ owner }) => owner === "dead");
  for (const lease of dead) {
    await reap(lease);
    const names = lease.clusters.map(({ name }) => name).join(", ") || "no cluster";
    process.stdout.write(`session ${lease.session} is cleared: ${names}\n`);
  }
  if (dead.length === 0) process.stdout.write("nothing was left behind\n");
  return 0;
}

/** Writes the logs of a cluster's nodes to a directory. */
export async function logs(name: string): Promise<number> {
  const lease = leaseOf(name);
  const directory = `${name}-logs`;
  for (const cluster of lease.clusters) {
    const missing = await exportLogs({ ...cluster, scratch: lease.directory }, directory);
    for (const what of missing) process.stderr.write(`the logs are not complete: ${what}\n`);
  }
  process.stdout.write(`${directory}\n`);
  return 0;
}

function leaseOf(name: string): ReturnType<typeof leases>[number] {
  const all = leases();
  const found = all.find(({ clusters }) => clusters.some((cluster) => cluster.name === name));
  if (found) return found;
  const names = all.flatMap(({ clusters }) => clusters.map((cluster) => cluster.name));
  throw new UsageError(`planeproof has no cluster ${name}.`, {
    expected:
      names.length > 0 ? `one of ${names.join(", ")}` : "a cluster that `planeproof up` booted; none is up",
    found: name,
    ...(nearest(name, names)[0] ? { remedy: `did you mean ${nearest(name, names)[0]}?` } : {}),
  });
}
