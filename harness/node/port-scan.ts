import { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { Node } from "./node.ts";
import { type Listener, LOOPBACK, listeners } from "./sockets.ts";

/** A listening port, and in what it answers the first message of a TLS handshake. */
export interface ScannedPort extends Listener {
  /** `silent`: it says nothing within two seconds; `unreachable`: it listens, and nobody can connect from the node. */
  speaks: "tls" | "plain" | "silent" | "unreachable";
  /** The address at which it was asked. */
  host: string;
  /** Whether only the node itself can reach it. */
  loopback: boolean;
}

// Everything at once, and in the node itself: a relay for each port would cost more than the question.
const KNOCK = `hello=$1; shift
for target; do
  (
    exec 3<>"/dev/tcp/\${target% *}/\${target#* }" || { echo "$target gone"; exit; }
    base64 -d <<<"$hello" >&3
    echo "$target $(timeout 2 head -c1 <&3 | od -An -tu1)"
  ) 2>/dev/null &
done
wait`;

/** Sends a TLS handshake's first message to every listening port of a node and looks at the first byte of the answer. */
export async function scanPorts(node: Node): Promise<ScannedPort[]> {
  const [open, hello] = await Promise.all([listeners(node), clientHello()]);
  const hosts = open.map(({ address }) => hostOf(address, node));
  const targets = open.map(({ port }, index) => `${hosts[index]} ${port}`);
  const answers = await node.run([
    "bash",
    "-c",
    KNOCK,
    "knock",
    hello.toString("base64"),
    ...new Set(targets),
  ]);
  const byTarget = new Map(answers.split("\n").map((line) => [line.split(" ", 2).join(" "), line]));
  const scanned = open.map((listener, index) => ({
    ...listener,
    host: hosts[index] ?? "",
    speaks: spoken(byTarget.get(targets[index] ?? "") ?? ""),
    loopback: LOOPBACK.test(listener.address),
  }));
  return scanned.some(({ speaks }) => speaks === "unreachable") ? stillOpen(node, scanned) : scanned;
}

/** Without the ports that were closed meanwhile. */
async function stillOpen(node: Node, scanned: ScannedPort[]): Promise<ScannedPort[]> {
  const now = await listeners(node);
  return scanned.filter(
    ({ speaks, address, port }) =>
      speaks !== "unreachable" || now.some((one) => one.port === port && one.address === address),
  );
}

/** Where a port that is bound to an address is asked. `::` alone is IPv6 alone: ss writes both families as `*`. */
function hostOf(address: string, node: Node): string {
  if (address === "::") return node.addresses.find((one) => one.includes(":")) ?? "::1";
  return address === "*" || address === "0.0.0.0" ? node.address : address;
}

/** TLS answers with a record of type handshake or alert (RFC 8446, section 5.1). */
function spoken(answer: string): ScannedPort["speaks"] {
  const [, , first] = answer.trim().split(/\s+/);
  if (first === undefined) return "silent";
  if (first === "gone") return "unreachable";
  return first === "22" || first === "21" ? "tls" : "plain";
}

/** The first message of a TLS handshake, as OpenSSL writes it. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({ read() {}, write: (chunk: Buffer) => resolve(chunk) });
    connect({ socket: wire }).on("error", () => {});
  });
}
