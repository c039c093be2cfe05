import { EnvironmentError } from "../support/errors.ts";
import { until } from "../support/until.ts";
import type { Node } from "./node.ts";

/** Which of some texts the TCP packets that pass through a node's network namespace carry. */
export interface Capture {
  /** How many packets carried this text so far, in the clear or in base64, as Kubernetes' JSON has the values of Secrets. */
  sightings(text: string): Sightings;
  /** Waits until a text was seen at all: everything that was sent before it has been captured by then. */
  seen(text: string): Promise<Sightings>;
  stop(): void;
}

interface Sightings {
  /** Packets between two loopback addresses: they never leave the node. */
  loopback: number;
  /** Packets between any other addresses, the node's own included. */
  network: number;
}

/** Whether a capture can be made: kind's own node images bring no tcpdump. */
export async function canCapture(node: Node): Promise<boolean> {
  // Not the exit code of `which`: that of an engine which failed would look like one of a tool that is missing.
  return (await node.run(["bash", "-c", "command -v tcpdump || echo none"])).trim() !== "none";
}

/**
 * Starts to look for texts in every TCP packet on every interface of a node, its loopback and its pods' included. No packet
 * is kept: a busy node sends megabytes in a second.
 */
export async function capture(node: Node, texts: readonly string[]): Promise<Capture> {
  // A text may lie across two packets of a stream, but no packet that we write is that long; the whole packet is kept.
  const { io, stderr } = node.transport.stream(["timeout", "110", "tcpdump", "-Ui", "any", "-w", "-", "tcp"]);
  let pending: Buffer = Buffer.alloc(0);
  let header = true;
  const watched = new Map(texts.map((text) => [text, { forms: forms(text), loopback: 0, network: 0 }]));
  io.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    if (header && pending.length >= FILE_HEADER) {
      pending = pending.subarray(FILE_HEADER);
      header = false;
    }
    if (header) return;
    const packets: Packet[] = [];
    pending = takePackets(pending, packets);
    for (const packet of packets) count(packet, watched.values());
  });
  io.on("error", () => {});
  const sightings = (text: string): Sightings => {
    const found = watched.get(text);
    if (!found) throw new Error("A text that a capture does not look for has been neither seen nor missed.");
    return { loopback: found.loopback, network: found.network };
  };
  await until("tcpdump to listen", async () => /listening on/.test(stderr()), {
    timeoutMs: 10_000,
    everyMs: 20,
  });
  return {
    sightings,
    seen: (text) =>
      until(
        "the capture to show a text that was sent in the clear",
        async () => {
          const seen = sightings(text);
          return seen.loopback + seen.network > 0 && seen;
        },
        { timeoutMs: 10_000, everyMs: 20 },
      ),
    stop: () => io.destroy(),
  };
}

interface Packet {
  loopback: boolean;
  bytes: Buffer;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const LINK_HEADER = 20; // LINKTYPE_LINUX_SLL2, which `-i any` gives

/** Moves the whole packets at the start of a capture file's bytes to `packets`, and returns the rest. */
export function takePackets(bytes: Buffer, packets: Packet[]): Buffer {
  let rest = bytes;
  while (rest.length >= RECORD_HEADER) {
    const length = rest.readUInt32LE(8);
    if (length > 1 << 20)
      throw new EnvironmentError("What tcpdump writes is no capture file of this machine's byte order.");
    if (rest.length < RECORD_HEADER + length) break;
    const packet = rest.subarray(RECORD_HEADER, RECORD_HEADER + length);
    packets.push({ loopback: isLoopback(packet.subarray(LINK_HEADER)), bytes: packet });
    rest = rest.subarray(RECORD_HEADER + length);
  }
  return rest;
}

/** Adds a packet to the sightings of each text that it carries. */
function count({ bytes, loopback }: Packet, watched: Iterable<Sightings & { forms: string[] }>): void {
  for (const text of watched) {
    if (text.forms.some((form) => bytes.includes(form))) text[loopback ? "loopback" : "network"] += 1;
  }
}

/** Whether an IP packet comes from a loopback address: then it goes to one as well. */
function isLoopback(ip: Buffer): boolean {
  if ((ip[0] ?? 0) >> 4 === 4) return ip[12] === 127;
  return ip.subarray(8, 24).equals(LOOPBACK_V6);
}

const LOOPBACK_V6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);

function forms(text: string): string[] {
  // The last group of base64 depends on what follows, so it is left out.
  const base64 = Buffer.from(text).toString("base64");
  return [text, base64.slice(0, base64.length - 4)];
}
