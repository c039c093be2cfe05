import type { Node } from "../node/node.ts";
import type { Exchange } from "../probe/outcome.ts";
import type { Vantage } from "../probe/vantage.ts";
import { until } from "../support/until.ts";

/** etcd says in its log why it hung up; to the caller it says nothing. */
interface Rejection {
  msg?: string;
  "remote-addr"?: string;
  error?: string;
}

const LOG = "tail -qn 200 /var/log/pods/kube-system_etcd-*/etcd/*.log";
const WITHIN_MS = 2_000;

/**
 * Dials etcd on a node, and where it hangs up without a word, takes the reason from its log: a refusal by the layer that
 * the log names. The line must be about this very connection, by its source port; without one the exchange stays failed.
 */
export async function withEtcdLog<T>(
  node: Node,
  from: Vantage,
  dial: (from: Vantage) => Promise<Exchange<T>>,
): Promise<Exchange<T>> {
  const ports: number[] = [];
  const exchange = await dial({
    ...from,
    async connect(host, port) {
      const connection = await from.connect(host, port);
      if (connection.localPort !== undefined) ports.push(connection.localPort);
      return connection;
    },
  });
  if (exchange.outcome.kind !== "failed" || ports.length === 0) return exchange;
  const reason = await until("etcd's log to say why", () => rejection(node, ports), {
    timeoutMs: WITHIN_MS,
  }).catch(() => undefined);
  return reason ? { ...exchange, outcome: { kind: "refused", layer: "tls", reason } } : exchange;
}

async function rejection(node: Node, ports: readonly number[]): Promise<string | undefined> {
  return rejectionIn(await node.run(["bash", "-c", LOG]), ports);
}

/** The last reason in etcd's log for which it rejected a connection from one of these source ports. */
export function rejectionIn(log: string, ports: readonly number[]): string | undefined {
  return log
    .split("\n")
    .flatMap((line) => parsed(line.slice(line.indexOf("{"))))
    .filter((entry) => entry.msg?.startsWith("rejected connection"))
    .filter((entry) => ports.some((port) => entry["remote-addr"]?.endsWith(`:${port}`)))
    .map(({ error }) => error ?? "")
    .findLast((error) => /^(tls|x509): /.test(error));
}

function parsed(line: string): Rejection[] {
  try {
    return [JSON.parse(line) as Rejection];
  } catch {
    return [];
  }
}
