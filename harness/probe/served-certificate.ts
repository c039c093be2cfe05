import { type Identity, nobody } from "../identity/index.ts";
import { describeCertificate } from "../pki/index.ts";
import type { Exchange } from "./outcome.ts";
import { address, openTls, outcomeOf, type Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";

/**
 * The certificate that a server shows in its handshake, as PEM in the data. With `target.trust` we judge it first, as a
 * client that was given this CA would. A server that demands a certificate ends a handshake of TLS 1.2 without one: `as` has it.
 */
export async function servedCertificate(
  vantage: Vantage,
  target: Target,
  as: Identity = nobody,
): Promise<Exchange<string>> {
  const where = { vantage: vantage.kind, from: vantage.from, to: address(target), as: as.label };
  try {
    const socket = await openTls(vantage, target, as);
    const certPem = socket.getPeerX509Certificate()?.toString() ?? "";
    socket.destroy();
    const { subject, issuer } = describeCertificate(certPem);
    const summary = `the server shows CN=${subject.cn}, signed by CN=${issuer.cn}`;
    return { ...where, outcome: { kind: "accepted", summary, data: certPem } };
  } catch (error) {
    return { ...where, outcome: outcomeOf(error) };
  }
}
