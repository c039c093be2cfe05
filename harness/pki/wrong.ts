import { X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { PlaneproofError } from "../support/errors.ts";
import { Authority, type LeafRequest, type Names } from "./authority.ts";
import { describeCertificate, type Usage } from "./description.ts";
import type { Leaf } from "./leaf.ts";
import { firstCertificateIn } from "./pem.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

type Sans = NonNullable<Names["sans"]>;

/**
 * Twins of a genuine certificate (PEM), each wrong in exactly one way: subject, SANs, usages and signer are otherwise
 * those of the genuine one. `signer` is the authority that signed the genuine certificate, unless a way says otherwise.
 * Each throws where the twin would not be wrong, or wrong in two ways, since a claim would then prove nothing.
 */
export const wrong = {
  /** Signed by a rogue authority of the same name and key algorithm. */
  async rogueCa(genuine: string, signer: Authority): Promise<Leaf> {
    const request = asIn(genuine, signer);
    return (await Authority.lookalike(signer.certPem)).issue(request);
  },

  /** Signed by a genuine authority that is responsible for something else: the cluster's CA instead of etcd's. */
  async otherCa(genuine: string, sibling: Authority): Promise<Leaf> {
    if (signed(genuine, sibling))
      throw notWrong("sibling", "an authority that did not sign the genuine certificate", "the one that did");
    return sibling.issue(saidBy(genuine));
  },

  /** Ended a day ago. */
  async expired(genuine: string, signer: Authority): Promise<Leaf> {
    return signer.issue({ ...asIn(genuine, signer), notBefore: inDays(-2), notAfter: inDays(-1) });
  },

  /** Begins in a day. */
  async notYetValid(genuine: string, signer: Authority): Promise<Leaf> {
    return signer.issue({ ...asIn(genuine, signer), notBefore: inDays(1), notAfter: inDays(2) });
  },

  /** For one purpose alone. Unless given: for servers, and for clients where the genuine one is for servers alone. */
  async usage(genuine: string, signer: Authority, only?: Usage): Promise<Leaf> {
    const request = asIn(genuine, signer);
    const usages: Usage[] = [only ?? (isDeepStrictEqual(request.usages, ["server"]) ? "client" : "server")];
    if (isDeepStrictEqual(usages, request.usages))
      throw notWrong("usage", "another usage than the genuine one", usages.join());
    return signer.issue({ ...request, usages });
  },

  /** With another common name (user, to Kubernetes), other organizations (groups), or both. */
  async subject(
    genuine: string,
    signer: Authority,
    subject: { cn?: string; organizations?: string[] },
  ): Promise<Leaf> {
    const request = asIn(genuine, signer);
    const twin = { ...request, ...subject };
    if (isDeepStrictEqual(twin, request))
      throw notWrong("subject", "another subject than the genuine one", JSON.stringify(subject));
    return signer.issue(twin);
  },

  /** With other alternative names; a kind that is left out stays as it is. */
  async sans(genuine: string, signer: Authority, sans: Sans): Promise<Leaf> {
    const request = asIn(genuine, signer);
    const leaf = await signer.issue({ ...request, sans: { ...request.sans, ...sans } });
    if (isDeepStrictEqual(describeCertificate(leaf.certPem).sans, request.sans)) {
      throw notWrong("sans", "other alternative names than the genuine ones", JSON.stringify(sans));
    }
    return leaf;
  },
};

/** The acceptance twin of the wrong ones: all is as in the genuine certificate, under a key that we made. */
export async function rightTwin(genuine: string, signer: Authority): Promise<Leaf> {
  return signer.issue(asIn(genuine, signer));
}

function asIn(genuine: string, signer: Authority): LeafRequest {
  if (signed(genuine, signer)) return saidBy(genuine);
  throw new PlaneproofError("A twin must be signed by the authority of the genuine certificate", {
    expected: `the authority that signed CN=${describeCertificate(genuine).subject.cn}: CN=${describeCertificate(genuine).issuer.cn}`,
    found: `CN=${describeCertificate(signer.certPem).subject.cn}, whose key did not sign it`,
    remedy: "pass that authority, or ask for wrong.sibling",
  });
}

function saidBy(genuine: string): LeafRequest {
  const { subject, usages, sans } = describeCertificate(genuine);
  return { ...subject, usages, sans };
}

function signed(genuine: string, authority: Authority): boolean {
  const { publicKey } = new X509Certificate(authority.certPem);
  return new X509Certificate(firstCertificateIn(genuine)).verify(publicKey);
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}

function notWrong(way: string, expected: string, found: string): PlaneproofError {
  return new PlaneproofError(`wrong.${way} was asked for a certificate that would not be wrong`, {
    expected,
    found,
  });
}
