import type { Lab } from "../lab/lab.ts";
import type { Precondition } from "../lab/precondition.ts";
import type { Touches } from "../support/touches.ts";
import type { Controls } from "./control.ts";
import type { Documentation } from "./documented.ts";

/** One sentence about a channel that can be false. */
export interface ClaimSpec {
  /** The sentence. */
  says: string;
  documented: Documentation;
  /** What it changes on the cluster. Checked: one that says `nothing` and creates an object fails. */
  touches: Touches;
  /** The Kubernetes versions it speaks of: `>=1.29`, `>=1.30 <1.32`; all unless given. */
  versions?: string;
  /** The first version of which the documented sentence is not true any more; then the controls prove what replaced it. */
  outdated?: {
    since: string;
    now: string;
    /** Whether this cluster's config makes the documented sentence true again; then the claim holds, or is broken. */
    unless?: (lab: Lab) => Promise<boolean>;
  };
  /** It states a limit of the design, which its `limit(…)` controls show. What closes it, in words. */
  limit?: { closedBy: string };
  preconditions?: Precondition[];
  /** It must run alone: it changes what other claims rely on, or would see what they do. */
  exclusive?: boolean;
}

/** Sets the scene and says which exchanges are to be seen. Runs once; the exchanges run after it, in order. */
export type ClaimBody = (lab: Lab) => Promise<Controls>;

/** The channel of a claim's id, `channel/slug`. */
export function channelOf(id: string): string {
  const channel = /^([a-z0-9-]+)\/[a-z0-9-]+$/.exec(id)?.[1];
  if (channel === undefined) {
    throw new Error(`"${id}" is no claim id such as etcd-client/cluster-ca-refused`);
  }
  return channel;
}
