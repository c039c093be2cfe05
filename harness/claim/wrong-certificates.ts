import { type CertificateIdentity, wrong } from "../identity/index.ts";
import type { Lab } from "../lab/lab.ts";
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

/** The negative controls of a server that trusts one CA, by what each stranger does and how it is refused. */
type OtherCaControls = (
  does: string,
  dial: (as: CertificateIdentity) => Promise<Exchange>,
  by: Refusal,
) => [Control<"negative">, ...Control<"negative">[]];

/**
 * Twins of a genuine certificate of the cluster's CA, signed by a rogue CA of its name, by etcd's and by the front proxy's:
 * made once, shown to each instance of a server.
 */
export async function certificatesOfOtherCas(
  lab: Lab,
  genuine: CertificateIdentity,
): Promise<OtherCaControls> {
  const [ca, etcdCa, frontProxyCa] = await Promise.all([
    lab.credentials.authority("ca"),
    lab.credentials.authority("etcd/ca"),
    lab.credentials.authority("front-proxy-ca"),
  ]);
  const [rogue, ofEtcd, ofFrontProxy] = await Promise.all([
    wrong.rogueCa(genuine, ca),
    wrong.otherCa(genuine, etcdCa),
    wrong.otherCa(genuine, frontProxyCa),
  ]);
  return (does, dial, by) => [
    refused(`a certificate of a rogue CA of the same name ${does}`, () => dial(rogue), by),
    refused(`a certificate of etcd's CA ${does}`, () => dial(ofEtcd), by),
    refused(`a certificate of the front proxy's CA ${does}`, () => dial(ofFrontProxy), by),
  ];
}
