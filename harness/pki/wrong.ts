import { Authority, type Leaf, type LeafRequest } from "./authority.ts";
import { describeCertificate, type Usage } from "./description.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Twins of a genuine certificate (PEM), each wrong in exactly one way: all else is as in the genuine one. */
export const wrong = {
  /** Signed by a rogue authority that bears the genuine one's name. */
  async authority(genuine: string, authorityPem: string): Promise<Leaf> {
    return (await Authority.lookalike(authorityPem)).issue(asIn(genuine));
  },

  /** Signed by another genuine authority: the sibling CA. */
  sibling(genuine: string, sibling: Authority): Promise<Leaf> {
    return sibling.issue(asIn(genuine));
  },

  expired(genuine: string, authority: Authority): Promise<Leaf> {
    const [notBefore, notAfter] = [new Date(Date.now() - 2 * DAY_MS), new Date(Date.now() - DAY_MS)];
    return authority.issue({ ...asIn(genuine), notBefore, notAfter });
  },

  notYetValid(genuine: string, authority: Authority): Promise<Leaf> {
    const [notBefore, notAfter] = [new Date(Date.now() + DAY_MS), new Date(Date.now() + 2 * DAY_MS)];
    return authority.issue({ ...asIn(genuine), notBefore, notAfter });
  },

  /** For the other purpose alone: a server's certificate in a client's hand, say. */
  usage(genuine: string, authority: Authority, usages: Usage[] = ["server"]): Promise<Leaf> {
    return authority.issue({ ...asIn(genuine), usages });
  },

  /** Of another name, or with other organizations (groups, to Kubernetes). */
  subject(
    genuine: string,
    authority: Authority,
    subject: Partial<Pick<LeafRequest, "cn" | "organizations">>,
  ): Promise<Leaf> {
    return authority.issue({ ...asIn(genuine), ...subject });
  },

  sans(genuine: string, authority: Authority, sans: NonNullable<LeafRequest["sans"]>): Promise<Leaf> {
    return authority.issue({ ...asIn(genuine), sans });
  },
};

/** The acceptance twin of the wrong ones: everything as in the genuine certificate, under a key that we made. */
export function rightTwin(genuine: string, authority: Authority): Promise<Leaf> {
  return authority.issue(asIn(genuine));
}

function asIn(genuine: string): LeafRequest {
  const { subject, usages, sans } = describeCertificate(genuine);
  return { ...subject, usages, sans };
}
