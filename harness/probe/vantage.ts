import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import type { Node, NodeTransport } from "../node/node.ts";
import { parseEnd } from "../node/sockets.ts";
import type { VantageKind } from "../results/vocabulary.ts";

/** An open TCP connection. */
type Connection = Duplex & {
  /** The end that dialled, by which a server's log can tell it from others; undefined where unknown. */
  localAddress?: string | undefined;
  localPort?: number | undefined;
};

interface DialOptions {
  /** The connection is to know its own end. From a node that takes two more processes, so only who needs it asks. */
  ownEnd?: boolean;
}

/** A place from which a port can be dialled. */
export interface Vantage {
  kind: VantageKind;
  /** Its name, for the report. */
  from: string;
  /** Opens a TCP connection. Throws a TcpError where it is refused or does not come about. */
  connect(host: string, port: number, options?: DialOptions): Promise<Connection>;
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

// Bash opens the connection and says so in a line of its own; then it copies both ways. Nothing has to be installed. If it is
// asked for the connection's own end, that stands in this line: the row of /proc/net/tcp with the socket's inode, and the first
// one only, since a table that changes while it is read may show a row twice.
// Why it cannot is said on the same stream: stderr may come after its end, and a refusal must not look like a failure.
// When either side ends, so does the other: a server that hangs up must be seen, and no connection may stay behind.
// So the one that copies there ends the one that copies back, for which bash waits by its id: that cannot be missed, as a
// signal or `wait -n` can. It does so at the end of our side only: where the server takes no more, its last words (an alert)
// may still be on their way back. Under `set -m` each is a process group of its own, and ends whole. What to do when bash
// itself is ended is said before that line: whoever has seen that may end it before there is anything to end.
const RELAY = `{ exec 3<>"/dev/tcp/$1/$2"; } 2>&1 || exit 1
set -m
trap 'for job in $(jobs -p); do kill -KILL -- -$job; done 2>/dev/null; exit' TERM
if [ "$3" ]; then
  socket=$(readlink /proc/self/fd/3)
  end=$(awk -v inode="\${socket//[!0-9]/}" '$10 == inode { print $2; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
fi
echo "+$end"
cat <&3 & back=$!
{ cat >&3 2>/dev/null && kill -KILL $back; } <&0 & there=$!
wait $back 2>/dev/null
kill -KILL -- -$there 2>/dev/null`;

/** A vantage from inside anything in which bash can be run with its stdin and stdout as one stream. */
export function relayed(kind: VantageKind, from: string, transport: Pick<NodeTransport, "stream">): Vantage {
  return {
    kind,
    from,
    async connect(host, port, { ownEnd = false } = {}) {
      const asked = ownEnd ? "own end" : "";
      const { io, stderr } = transport.stream(["bash", "-c", RELAY, "relay", host, String(port), asked]);
      const timeout = setTimeout(() => io.destroy(), CONNECT_TIMEOUT_MS);
      try {
        const first = await takeLine(io);
        if (first.startsWith(OPENED)) {
          const end = parseEnd(first.slice(OPENED.length));
          return Object.assign(io, { localAddress: end?.address, localPort: end?.port });
        }
        const said = [first, await text(io).catch(() => "")].join("\n").trim();
        io.destroy();
        // Only bash's own words are a refusal: the way to the node may be refused too, and that proves nothing.
        throw tcpError(said || stderr(), /^relay: connect: Connection re(fused|set)/m.test(said));
      } finally {
        clearTimeout(timeout);
      }
    },
  };
}

/** The first line of a stream, or what came of it when it ended before; what follows stays to be read. */
async function takeLine(io: Duplex): Promise<string> {
  const ended = Promise.race([once(io, "end"), once(io, "close")]).catch(() => {}); // an error is an end, too
  let taken = Buffer.alloc(0);
  for (let open = true; ; ) {
    taken = Buffer.concat([taken, (io.read() as Buffer | null) ?? Buffer.alloc(0)]);
    const end = taken.indexOf("\n");
    if (end >= 0) {
      io.unshift(taken.subarray(end + 1));
      return taken.subarray(0, end).toString();
    }
    if (!open) return taken.toString();
    open = await Promise.race([once(io, "readable").then(() => true), ended.then(() => false)]).catch(
      () => false,
    );
  }
}

function tcpError(message: string, refused: boolean): TcpError {
  if (refused) return new TcpError("connection refused", true);
  const reason = message.split("\n")[0]?.replace(/^.*?: (line \d+: )?/, "") || "no answer";
  return new TcpError(reason, false);
}
