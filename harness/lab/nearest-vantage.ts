import { tcp } from "../probe/http.ts";
import type { Target } from "../probe/tls.ts";
import { address } from "../probe/tls.ts";
import type { Vantage } from "../probe/vantage.ts";
import type { Lab } from "./lab.ts";

/**
 * The cheapest place from which a port of the control plane's can be dialled: this machine, where it reaches the nodes'
 * network (a dial of a millisecond), and otherwise the node itself (a tenth of a second). For claims to which the caller's
 * address means nothing.
 */
export function cheapestVantage(lab: Lab, target: Pick<Target, "host" | "port">): Promise<Vantage> {
  return lab.scope.once(`nearest to ${address(target)}`, async () => {
    const { outcome } = await tcp(lab.fromHost, target);
    return outcome.kind === "accepted" ? lab.fromHost : lab.fromNode();
  });
}
