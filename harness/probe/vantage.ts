import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import type { Node, NodeTransport } from "../node/node.ts";
import type { VantageKind } from "../results/vocabulary.ts";

/** An open TCP connection. */
type Connection = Duplex & {
  /** Its own port at the end that dialled, by which a server's log can tell it from others; undefined where unknown. */
  localPort?: number | undefined;
};

/** A place from which a port can be dialled. */
export interface Vantage {
  kind: VantageKind;
  /** Its name, for the report. */
  from: string;
  /** Opens a TCP connection. Throws a TcpError where it is refused or does not come about. */
  connect(host: string, port: number): Promise<Connection>;
}

/** No TCP connection came about. */
export class TcpError extends Error {
  /** true: somebody said no (a reset); false: nobody answered. */
  readonly refused: boolean;

  constructor(message: string, refused: boolean) {
    super(message);
    this.name = "TcpError";
    this.refused = refused;
  }
}

export const CONNECT_TIMEOUT_MS = 10_000;

/** The machine that runs planeproof. */
export const fromHost: Vantage = {
  kind: "host",
  from: "host",
  async connect(host, port) {
    const socket = connectTcp({ host, port, timeout: CONNECT_TIMEOUT_MS });
    socket.once("timeout", () => socket.destroy(new TcpError("no answer", false)));
    try {
      await once(socket, "connect");
    } catch (error) {
      const { message, code = "" } = error as NodeJS.ErrnoException;
      // Where a name has several addresses, the error has no message of its own.
      throw tcpError(message || code, /^ECONN(REFUSED|RESET)$/.test(code));
    }
    return socket.setTimeout(0);
  },
};

/** Inside a node: the connection comes from the node's own address, and reaches its loopback interface too. */
export function fromNode(node: Node): Vantage {
  return relayed("node", node.name, node.transport);
}

const OPENED = "+";
const PORT_DIGITS = 4;

// Bash opens the connection and says so with one byte and the connection's own port (four hex digits, as /proc has it, or
// blanks); then it copies both ways. Nothing has to be installed.
// Why it cannot is said on the same stream: stderr may come after its end, and a refusal must not look like a failure.
// When either side ends, so does the other: a server that hangs up must be seen, and no connection may stay behind.
// So the one that copies there ends the one that copies back, for which bash waits by its id: that cannot be missed, as a
// signal or `wait -n` can. Under `set -m` each is a process group of its own, and ends whole. What to do when bash itself is
// ended is said before the first byte: whoever has seen that may end it before there is anything to end.
const RELAY = `{ exec 3<>"/dev/tcp/$1/$2"; } 2>&1 || exit 1
set -m
trap 'for job in $(jobs -p); do kill -KILL -- -$job; done 2>/dev/null; exit' TERM
socket=$(readlink /proc/self/fd/3)
inode=\${socket//[!0-9]/}
own=$(awk -v inode="$inode" '$10 == inode { n = split($2, at, ":"); print at[n] }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
printf '+%4s' "$own"
cat <&3 & back=$!
{ cat >&3 2>/dev/null; kill -KILL $back; } <&0 & there=$!
wait $back 2>/dev/null
kill -KILL -- -$there 2>/dev/null`;

/** A vantage from inside anything in which bash can be run with its stdin and stdout as one stream. */
export function relayed(kind: VantageKind, from: string, transport: Pick<NodeTransport, "stream">): Vantage {
  return {
    kind,
    from,
    async connect(host, port) {
      const { io, stderr } = transport.stream(["bash", "-c", RELAY, "relay", host, String(port)]);
      const timeout = setTimeout(() => io.destroy(), CONNECT_TIMEOUT_MS);
      try {
        const first = await take(io, OPENED.length + PORT_DIGITS);
        if (first?.startsWith(OPENED)) {
          const port = Number.parseInt(first.slice(OPENED.length), 16);
          return Object.assign(io, { localPort: port || undefined });
        }
        const said = first === undefined ? "" : first + (await text(io).catch(() => ""));
        io.destroy();
        // Only bash's own words are a refusal: the way to the node may be refused too, and that proves nothing.
        throw tcpError(said || stderr(), /^relay: connect: Connection re(fused|set)/m.test(said));
      } finally {
        clearTimeout(timeout);
      }
    },
  };
}

/** The first bytes of a stream, or what came of them when it ended before; what follows stays to be read. */
async function take(io: Duplex, count: number): Promise<string | undefined> {
  const ended = Promise.race([once(io, "end"), once(io, "close")]).catch(() => {}); // an error is an end, too
  for (let open = true; open; ) {
    const bytes = io.read(count) as Buffer | null;
    if (bytes) return bytes.toString();
    open = await Promise.race([once(io, "readable").then(() => true), ended.then(() => false)]).catch(
      () => false,
    );
  }
  return (io.read() as Buffer | null)?.toString();
}

function tcpError(message: string, refused: boolean): TcpError {
  if (refused) return new TcpError("connection refused", true);
  const reason = message.split("\n")[0]?.replace(/^.*?: (line \d+: )?/, "") || "no answer";
  return new TcpError(reason, false);
}
