import type { Exchange, Lab } from "../../harness/index.ts";
import { capture, type Node } from "../../harness/nodes.ts";

/** Somebody who captures every packet in a node's network namespace. */
export interface Eavesdropper {
  /** Waits until a text was heard that is sent in the clear: what was sent before it has been captured as well. */
  hears(text: string, what: string): Promise<Exchange>;
  /** Whether any packet carried a text so far; `network`: one that did not pass from loopback to loopback. */
  heard(text: string, what: string, where: "any interface" | "network"): Promise<Exchange>;
}

/** How the attempt to hear something ends where it is encrypted. */
export const nothingHeard = { layer: "tls", reason: /^no packet shows / } as const;

/** Starts to listen on a node for some texts, until the end of the claim. */
export async function eavesdropper(lab: Lab, node: Node, texts: string[]): Promise<Eavesdropper> {
  const wire = await capture(node, texts);
  lab.cleanup(`a packet capture on ${node.name}`, async () => wire.stop());
  const exchange = (packets: number, what: string, to: string): Exchange => ({
    vantage: "node",
    from: node.name,
    to,
    as: "an eavesdropper",
    outcome:
      packets > 0
        ? { kind: "accepted", summary: `${packets} packets show ${what}`, data: packets }
        : { kind: "refused", layer: "tls", reason: `no packet shows ${what}` },
  });
  return {
    async hears(text, what) {
      const { loopback, network } = await wire.seen(text);
      return exchange(loopback + network, what, "any interface");
    },
    async heard(text, what, where) {
      const { loopback, network } = wire.sightings(text);
      return exchange(where === "network" ? network : loopback + network, what, where);
    },
  };
}
