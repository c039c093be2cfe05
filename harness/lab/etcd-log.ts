import type { Node } from "../node/node.ts";
import type { Exchange } from "../probe/outcome.ts";

/** etcd says in its log why it hung up; to the caller it says nothing. */
interface Rejection {
  ts?: string;
  msg?: string;
  error?: string;
}

/**
 * Dials etcd on a node, and where it hangs up without a word, takes the reason from its log: a refusal by the layer that
 * the log names. `why` tells this dial's line from those of others at the same moment. Without such a line the exchange
 * stays failed.
 */
export async function withEtcdLog(node: Node, why: RegExp, dial: () => Promise<Exchange>): Promise<Exchange> {
  const started = Date.now();
  const exchange = await dial();
  if (exchange.outcome.kind !== "failed") return exchange;
  const log = await node.run(["bash", "-c", "tail -qn 100 /var/log/pods/kube-system_etcd-*/etcd/*.log"]);
  const reason = log
    .split("\n")
    .flatMap((line) => parsed(line.slice(line.indexOf("{"))))
    .filter(({ ts, msg }) => msg?.startsWith("rejected connection") && Date.parse(ts ?? "") >= started - 50)
    .map(({ error }) => error ?? "")
    .find((error) => /^(tls|x509): /.test(error) && why.test(error));
  return reason ? { ...exchange, outcome: { kind: "refused", layer: "tls", reason } } : exchange;
}

function parsed(line: string): Rejection[] {
  try {
    return [JSON.parse(line) as Rejection];
  } catch {
    return [];
  }
}
