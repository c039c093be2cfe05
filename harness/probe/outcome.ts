/**
 * The layer that refused. `validation` is a refusal of what was asked rather than of who asked: an object that is
 * invalid, an API that is not served. (The others are those of Kubernetes' own request path.)
 */
export type Layer = "tcp" | "tls" | "authentication" | "authorization" | "admission" | "validation";

/** What a probe saw, as data. A refusal is never an exception. */
export type Outcome =
  | {
      kind: "accepted";
      /** The HTTP status where there was one. */
      status?: number;
      /** What was seen, in a few words that are safe to print. */
      summary: string;
      /** The answer itself, for the claim to look into. It never enters a report. */
      data?: unknown;
    }
  | { kind: "refused"; layer: Layer; alert?: number; status?: number; reason: string }
  /** Our side or the environment failed: a timeout, a server error. It proves nothing. */
  | { kind: "failed"; reason: string };

/** Where an exchange starts: inside a node, in a pod, in a container beside the nodes, on the machine that runs us. */
export type VantageKind = "node" | "neighbour" | "pod" | "host";

/** One exchange as it really happened. */
export interface Exchange {
  vantage: VantageKind;
  /** Who dialled: a node's, a pod's or a container's name. */
  from: string;
  /** What was dialled: `172.18.0.2:2379`. */
  to: string;
  /** The credential, in words: `CN=kube-apiserver-etcd-client, signed by CN=etcd-ca`. */
  as: string;
  outcome: Outcome;
}
