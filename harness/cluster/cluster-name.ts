import type { Provider } from "../provider/provider.ts";
import { UsageError } from "../support/errors.ts";

/**
 * A name that says what a cluster is: `pp-default-37-3fa9c1`. Host names have at most 63 characters, and kind appends
 * `-external-load-balancer`.
 */
export function clusterName(title: string, kubernetes: string, session: string): string {
  const readable = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 20)
    .replace(/^-|-$/g, "");
  return ["pp", readable, kubernetes.split(".")[1], session].filter(Boolean).join("-");
}

/** A UsageError where a cluster has this name already: it may be the user's own, and is left as it is. */
export async function requireFreeName(name: string, provider: Provider): Promise<void> {
  if (!(await provider.list()).includes(name)) return;
  throw new UsageError(`The name ${name} is taken.`, {
    expected: `a name that no ${provider.name} cluster on this machine has`,
    found: `${name}, which is left as it is`,
    remedy: "give another --name, or see `planeproof ls`",
  });
}
