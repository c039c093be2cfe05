import { X509Certificate } from "node:crypto";
import { certificatesIn, isSignedBy, publicKeyId } from "../pki/index.ts";
import type { Enumerated } from "../probe/enumeration.ts";
import type { CaFile } from "./component.ts";
import type { Lab } from "./lab.ts";

/** What a file of CAs is for. */
export interface TrustPurpose {
  /** The CA of kubeadm's that belongs in it. */
  authority: "ca" | "etcd/ca" | "front-proxy-ca";
  /** Live certificates (PEM) that are judged by it: a CA of the user's own that signed one has its place here. */
  judges: readonly string[];
}

/**
 * Every certificate of a bundle. It may hold kubeadm's own CA; and, where the config brings the file, a CA that signed what is
 * judged by it, and one in rotation, which has the name of kubeadm's own (Kubernetes documentation, "Manual rotation of CA
 * certificates"). Any other is at fault: who has its key is let in. So is a root above an intermediate CA: it speaks for
 * every other CA that it signed.
 */
export async function trustBundle(
  lab: Lab,
  { pem, from }: CaFile,
  { authority, judges }: TrustPurpose,
): Promise<Enumerated[]> {
  const [own = ""] = certificates(await lab.credentials.pem(`${authority}.crt`));
  return certificates(pem).map((one) => judged(one, own, judges, from));
}

function judged(pem: string, own: string, judges: readonly string[], from: string | undefined): Enumerated {
  const what = subject(pem);
  if (publicKeyId(pem) === publicKeyId(own)) return { what };
  if (from === undefined) return { what, fault: "a CA that nothing in the config asks for" };
  if (judges.some((leaf) => isSignedBy(leaf, pem)))
    return { what: `${what}, which signed what it judges`, from };
  if (subject(own) === what) return { what: `${what} under another key, in rotation`, from };
  const signed = isSignedBy(own, pem) ? "a root whose every CA is let in" : "a CA of somebody else";
  return { what, from, fault: signed };
}

/** `O=Company, CN=Company Root` */
function subject(pem: string): string {
  return new X509Certificate(pem).subject.replaceAll("\n", ", ");
}

function certificates(bundle: string): string[] {
  return certificatesIn(bundle)
    .split(/(?<=-----END CERTIFICATE-----)\n/)
    .filter(Boolean);
}
