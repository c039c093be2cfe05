import { type CertificateIdentity, wrong } from "../identity/index.ts";
import type { Authority } from "../pki/index.ts";
import type { Exchange } from "../probe/outcome.ts";
import type { Refusal } from "../probe/refusals.ts";
import { type Control, refused } from "./control.ts";

/** How a server refuses a certificate that is wrong in itself. */
interface WrongCertificateRefusals {
  /** Expired, or not valid yet: Go reports both with one alert (crypto/tls, handshake_server.go). */
  outsideValidity: Refusal;
  /** Its extended key usage is for servers only. */
  wrongUsage: Refusal;
}

/**
 * The negative controls of a server that checks more than who signed: the genuine certificate's twins of the same CA that
 * expired yesterday, that begin tomorrow, and that are for servers only. The acceptance twin beside them is `rightTwin`.
 */
export async function wrongCertificates(
  genuine: CertificateIdentity,
  ca: Authority,
  dial: (as: CertificateIdentity) => Promise<Exchange>,
  { outsideValidity, wrongUsage }: WrongCertificateRefusals,
): Promise<[Control<"negative">, ...Control<"negative">[]]> {
  const [expired, early, serverOnly] = await Promise.all([
    wrong.expired(genuine, ca),
    wrong.notYetValid(genuine, ca),
    wrong.usage(genuine, ca, "server"),
  ]);
  return [
    refused("a client shows a certificate that expired yesterday", () => dial(expired), outsideValidity),
    refused("a client shows a certificate that is valid from tomorrow", () => dial(early), outsideValidity),
    refused("a client shows a certificate for servers only", () => dial(serverOnly), wrongUsage),
  ];
}
