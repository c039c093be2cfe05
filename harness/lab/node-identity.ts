import { byCertificate, type CertificateIdentity } from "../identity/index.ts";
import type { Lab } from "./lab.ts";

/** A node that no machine stands behind: a Node object, and the certificate that its kubelet would have. */
export interface PhantomNode {
  name: string;
  identity: CertificateIdentity;
}

/** A fresh certificate of the cluster's CA with which a kubelet of that name would call: `system:node:NAME`. */
export async function nodeIdentity(lab: Lab, name: string): Promise<CertificateIdentity> {
  const ca = await lab.credentials.authority("ca");
  return byCertificate(
    await ca.issue({ cn: `system:node:${name}`, organizations: ["system:nodes"], usages: ["client"] }),
  );
}

/**
 * Makes a second node, so that one machine is enough to ask what a kubelet may do to others. It reports no capacity, so
 * the scheduler never chooses it, and has no labels, so no DaemonSet does. Removed at the end of the claim.
 */
export async function phantomNode(lab: Lab): Promise<PhantomNode> {
  const name = lab.unique("phantom");
  const { core } = (await lab.admin()).clients;
  lab.cleanup(`node ${name}`, () => core.deleteNode({ name }));
  await core.createNode({ body: { metadata: { name } } });
  return { name, identity: await nodeIdentity(lab, name) };
}
