import { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { Node } from "./node.ts";
import { type Listener, listeners } from "./sockets.ts";

/** A listening port, and in what it answers the first message of a TLS handshake. */
export interface ScannedPort extends Listener {
  /** `silent`: it says nothing within two seconds; `gone`: nobody listens any more. */
  speaks: "tls" | "plain" | "silent" | "gone";
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
  const targets = open.map(({ address, port }) => `${ANY.test(address) ? node.address : address} ${port}`);
  const answers = await node.run([
    "bash",
    "-c",
    KNOCK,
    "knock",
    hello.toString("base64"),
    ...new Set(targets),
  ]);
  const byTarget = new Map(answers.split("\n").map((line) => [line.split(" ", 2).join(" "), line]));
  return open.map((listener, index) => ({
    ...listener,
    speaks: spoken(byTarget.get(targets[index] ?? "") ?? ""),
    loopback: LOOPBACK.test(listener.address),
  }));
}

const ANY = /^(\*|0\.0\.0\.0|::)$/;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** TLS answers with a record of type handshake or alert (RFC 8446, section 5.1). */
function spoken(answer: string): ScannedPort["speaks"] {
  const [, , first] = answer.trim().split(/\s+/);
  if (first === undefined) return "silent";
  if (first === "gone") return "gone";
  return first === "22" || first === "21" ? "tls" : "plain";
}

/** The first message of a TLS handshake, as OpenSSL writes it. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({ read() {}, write: (chunk: Buffer) => resolve(chunk) });
    connect({ socket: wire }).on("error", () => {});
  });
}
