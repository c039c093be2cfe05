import { type PhantomNode, phantomNode } from "../../harness/fixtures.ts";
import { forbidden, type Kubelet, type Lab } from "../../harness/index.ts";
import type { Api } from "../../harness/probes.ts";

/** A live kubelet, and that of a second node which no machine stands behind, as one API server sees them. */
export interface TwoNodes {
  /** The name of the live kubelet's node. */
  own: string;
  api: Api;
  other: PhantomNode;
  otherApi: Api;
}

export async function twoNodes(lab: Lab, kubelet: Kubelet): Promise<TwoNodes> {
  const [identity, other] = await Promise.all([kubelet.identity(), phantomNode(lab)]);
  const apiServer = lab.apiServerFor(kubelet.node);
  const [api, otherApi] = await Promise.all([apiServer.api(identity), apiServer.api(other.identity)]);
  return { own: kubelet.node.name, api, other, otherApi };
}

/** The Node authorizer's refusal of an object that no pod of the node refers to. */
export const noRelationship = (verb: string, resource: string) =>
  forbidden(verb, resource, { because: /no relationship found between node '[^']+' and this object/ });
