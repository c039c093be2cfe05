import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import { evidencePath } from "../results/evidence-path.ts";
import type { ClaimResult } from "../results/schema.ts";
import { redact } from "../support/secrets/registry.ts";
import { exportLogs } from "./exported-logs.ts";

const AROUND_MS = 1_000;
const MOST_LINES = 200;

/**
 * Writes what helps to understand the claims that are not as expected, below DIR/evidence/CLUSTER: the nodes' logs, the
 * manifests of the control plane, and for each claim the components' log lines around its moment. Returns what is missing.
 */
export async function collectEvidence(
  cluster: Cluster,
  failed: ClaimResult[],
  ended: ReadonlyMap<string, Date>,
  out: string,
): Promise<string[]> {
  const run = { cluster: cluster.facts.title, kubernetes: cluster.facts.kubernetes };
  const directory = dirname(join(out, evidencePath(run, "any/claim")));
  await mkdir(directory, { recursive: true });
  const { name, provider, kubeconfig } = cluster.facts;
  const missing = await exportLogs({ name, provider, scratch: dirname(kubeconfig) }, join(directory, "logs"));
  await Promise.all(
    cluster.controlPlanes.map(async (node) => {
      const manifests = await node.run(["bash", "-c", "tail -n +1 /etc/kubernetes/manifests/*.yaml"]);
      await writeFile(join(directory, `${node.name}-manifests.yaml`), redact(manifests));
    }),
  );
  for (const claim of failed) {
    const end = (ended.get(claim.id) ?? new Date()).getTime();
    const lines = await linesBetween(join(directory, "logs"), end - claim.ms - AROUND_MS, end + AROUND_MS);
    const text = lines.slice(0, MOST_LINES).join("\n");
    await writeFile(join(out, evidencePath(run, claim.id)), `${text}\n`);
  }
  return missing;
}

/** The lines of all container logs below a directory (`TIME STREAM TAG TEXT`, the CRI's form) from a span of time. */
async function linesBetween(directory: string, from: number, to: number): Promise<string[]> {
  const files = (await readdir(directory, { recursive: true })).filter((file) =>
    /containers\/.*\.log$/.test(file),
  );
  const found = await Promise.all(
    files.map(async (file) => {
      const component = /containers\/([^_]+)_/.exec(file)?.[1] ?? file;
      return (await readFile(join(directory, file), "utf8"))
        .split("\n")
        .filter((line) => {
          const time = Date.parse(line.slice(0, line.indexOf(" ")));
          return time >= from && time <= to;
        })
        .map(
          (line) => `${line.slice(0, line.indexOf(" "))} ${component} ${line.replace(/^\S+ \S+ \S+ /, "")}`,
        );
    }),
  );
  return found.flat().sort();
}
