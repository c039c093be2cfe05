import type { Node } from "../node/node.ts";
import type { Exchange } from "./outcome.ts";

/**
 * A look at something on a node as an exchange: process arguments, sockets, a log. `what` says where one looked,
 * `summary` what was seen, in words that are safe to print; `data` is for the control's own judgement.
 */
export function observation<T>(node: Node, what: string, data: T, summary: string): Exchange<T> {
  const outcome = { kind: "accepted", summary, data } as const;
  return { vantage: "node", from: node.name, to: what, as: "root on the node", outcome };
}
