import { loadFacts } from "../lease/lease-file.ts";
import { UsageError } from "../support/errors.ts";
import { Cluster, type ClusterFacts } from "./cluster.ts";

/** A cluster that `planeproof up` left running, by its name. */
export function attach(name: string): Cluster {
  const facts = loadFacts(name);
  if (facts) return new Cluster(facts as ClusterFacts);
  throw new UsageError(`No cluster ${name} is up.`, { remedy: `planeproof up default --name ${name}` });
}
