import type { Layer, VantageKind } from "../results/vocabulary.ts";

/** What a probe saw, as data. A refusal is never an exception. */
export type Outcome<T = unknown> =
  | {
      kind: "accepted";
      /** The HTTP status where there was one. */
      status?: number;
      /** What was seen, in a few words that are safe to print. */
      summary: string;
      /** The answer itself, for the claim's own judgement. It never enters a report. */
      data: T;
    }
  | { kind: "refused"; layer: Layer; alert?: number; status?: number; reason: string }
  /** Our side or the environment failed: a timeout, a server error. It proves nothing. */
  | { kind: "failed"; reason: string };

/** One exchange as it really happened. */
export interface Exchange<T = unknown> {
  vantage: VantageKind;
  /** Who dialled: a node's, a pod's or a container's name. */
  from: string;
  /** What was dialled: `172.18.0.2:2379`. */
  to: string;
  /** The credential, in words: `CN=kube-apiserver-etcd-client, signed by CN=etcd-ca`. */
  as: string;
  outcome: Outcome<T>;
}

/** The same exchange with what `read` makes of its answer. A refusal or a failure stays as it is. */
export function mapAnswer<T, U>(
  { outcome, ...exchange }: Exchange<T>,
  read: (data: T) => { data: U; summary?: string },
): Exchange<U> {
  return {
    ...exchange,
    outcome: outcome.kind === "accepted" ? { ...outcome, ...read(outcome.data) } : outcome,
  };
}
