import type { Run } from "./schema.ts";

/** Where, below a report's directory, the components' log lines lie that belong to a claim which is not as expected. */
export function evidencePath(
  { cluster, kubernetes }: Pick<Run, "cluster" | "kubernetes">,
  claimId: string,
): string {
  return `evidence/${cluster}-${kubernetes}/${claimId.replace("/", "--")}.log`;
}
