import type { Exchange, Lab } from "../../harness/index.ts";
import { capture } from "../../harness/nodes.ts";

/** Somebody who captures every packet in a node's network namespace. */
export interface Eavesdropper {
  /** Waits until a text was heard that is sent in the clear: what was sent before it has been captured as well. */
  hears(text: string, what: string): Promise<Exchange>;
  /** Whether any packet carried a text so far; `network`: one that did not pass from loopback to loopback. */
  heard(text: string, what: string, where: "any interface" | "network"): Promise<Exchange>;
}

/** Starts to listen on the control plane, until the end of the claim. */
export async function eavesdropper(lab: Lab): Promise<Eavesdropper> {
  const wire = await capture(lab.node);
  lab.cleanup(async () => wire.stop());
  const exchange = (packets: number, what: string, to: string): Exchange => ({
    vantage: "node",
    from: lab.node.name,
    to,
    as: "an eavesdropper",
    outcome:
      packets > 0
        ? { kind: "accepted", summary: `${packets} packets show ${what}` }
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
