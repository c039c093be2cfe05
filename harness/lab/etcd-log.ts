import type { Node } from "../node/node.ts";
import type { Exchange } from "../probe/outcome.ts";
import { address } from "../probe/tls.ts";
import type { Vantage } from "../probe/vantage.ts";
import { until } from "../support/until.ts";

const LOG = "tail -qn 200 /var/log/pods/kube-system_etcd-*/etcd/*.log";
const WITHIN_MS = 2_000;
/** How far a node's clock may be behind ours: an engine's virtual machine has its own. */
const CLOCK_SKEW_MS = 5_000;

/**
 * Dials etcd on a node, and where it hangs up without a word, takes the reason from its log: a refusal by the layer that
 * the log names. The line must be about this very connection, by the address and port that it came from; without one the
 * exchange stays failed.
 */
export async function withEtcdLog<T>(
  node: Node,
  from: Vantage,
  dial: (from: Vantage) => Promise<Exchange<T>>,
): Promise<Exchange<T>> {
  const since = Date.now() - CLOCK_SKEW_MS;
  const ends: string[] = [];
  const exchange = await dial({
    ...from,
    async connect(host, port) {
      const connection = await from.connect(host, port, { ownEnd: true });
      const { localAddress, localPort } = connection;
      if (localAddress && localPort) ends.push(address({ host: localAddress, port: localPort }));
      return connection;
    },
  });
  if (exchange.outcome.kind !== "failed" || ends.length === 0) return exchange;
  const reason = await until("etcd's log to say why", () => rejection(node, ends, since), {
    timeoutMs: WITHIN_MS,
  }).catch(() => undefined);
  return reason ? { ...exchange, outcome: { kind: "refused", layer: "tls", reason } } : exchange;
}

async function rejection(node: Node, ends: readonly string[], since: number): Promise<string | undefined> {
  return rejectionIn(await node.run(["bash", "-c", LOG]), ends, since);
}

/**
 * The last reason in etcd's log for which it rejected a connection from one of these ends (`172.18.0.2:40002`) since a time
 * (ms), when the port may have been another connection's. The container runtime puts the time before each line; etcd's
 * message is JSON, or with `--log-format=console` text with its fields as JSON behind it.
 */
export function rejectionIn(log: string, ends: readonly string[], since: number): string | undefined {
  return log
    .split("\n")
    .filter((line) => line.includes("rejected connection") && timeOf(line) >= since)
    .flatMap((line) => fields(line.slice(line.indexOf("{"))))
    .filter((rejected) => ends.includes(rejected["remote-addr"] ?? ""))
    .map(({ error }) => error ?? "")
    .findLast((error) => /^(tls|x509): /.test(error));
}

function timeOf(line: string): number {
  return Date.parse(line.slice(0, line.indexOf(" ")));
}

function fields(json: string): { "remote-addr"?: string; error?: string }[] {
  try {
    return [JSON.parse(json)];
  } catch {
    return [];
  }
}
