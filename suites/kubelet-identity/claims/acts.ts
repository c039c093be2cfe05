import { nodeIdentity } from "../../../harness/credentials.ts";
import { type Act, asksWebhooks, idlePod, watchActs } from "../../../harness/fixtures.ts";
import {
  actsAs,
  cannotRenew,
  claim,
  type Kubelet,
  kubernetes,
  type Lab,
  offers,
  onEach,
  together,
} from "../../../harness/index.ts";

const LEASES = "kube-node-lease";

claim(
  "kubelet-identity/acts-as-its-node",
  {
    says: "Each kubelet renews its Lease and posts status of node and pods as system:node:NAME; another node's kubelet cannot",
    documented: kubernetes(
      "Using Node Authorization, Overview",
      "reference/access-authn-authz/node/#overview",
    ),
    touches: "cluster",
    preconditions: [offers("hostAddress"), asksWebhooks],
  },
  async (lab) => {
    const acts = await watchActs(lab, {
      resources: ["nodes/status", "pods/status"],
      namespaces: [LEASES],
    });
    const other = await nodeIdentity(lab, lab.unique("phantom"));
    return onEach(lab.kubelets, async (kubelet) => {
      const { name } = kubelet.node;
      const [pod, message] = await Promise.all([idlePod(lab, { node: name }), outdateStatus(lab, kubelet)]);
      const as = { user: `system:node:${name}`, groups: ["system:nodes"] };
      const does = (words: string, what: string, which: (act: Act) => boolean) =>
        actsAs(lab, [kubelet], { does: `the kubelet ${words}`, ...as }, () => acts.seen(name, what, which));
      const posted = (resource: string, of: string) => (act: Act) =>
        act.resource === resource && act.name === of;
      const [podStatus, nodeStatus, lease] = await Promise.all([
        does("posts a pod's status", `the status of pod ${pod.name}`, posted("pods/status", pod.name)),
        does("posts its node's status", "the node's status", (act) => {
          return posted("nodes/status", name)(act) && readyMessage(act) !== message;
        }),
        does("renews its Lease", "the node's Lease", posted("leases", name)),
      ]);
      const others = cannotRenew(
        lab.apiServerFor(kubelet.node),
        { namespace: LEASES, name },
        { who: "the kubelet of another node", as: other },
      );
      // Its certificate is looked for in what it does again and again.
      const statuses = { works: [...podStatus.works, ...nodeStatus.works] };
      return { ...(await together(statuses, lease)), refused: [others] };
    });
  },
);

/**
 * Says of a node something that its kubelet does not: within 10 s it posts what is so (without a change, every five
 * minutes; pkg/kubelet/kubelet_node_status.go).
 * @returns the message that stands there until then
 */
async function outdateStatus(lab: Lab, { node }: Kubelet): Promise<string> {
  const message = lab.unique("planeproof");
  const admin = await lab.admin();
  const { outcome } = await admin.request({
    method: "PATCH",
    path: `/api/v1/nodes/${node.name}/status`,
    headers: { "content-type": "application/strategic-merge-patch+json" },
    body: { status: { conditions: [{ type: "Ready", message }] } },
  });
  if (outcome.kind === "accepted") return message;
  throw new Error(`the status of node ${node.name} could not be changed: ${outcome.reason}`);
}

function readyMessage({ object }: Act): string | undefined {
  const { conditions = [] } = object.status as { conditions?: { type: string; message?: string }[] };
  return conditions.find(({ type }) => type === "Ready")?.message;
}
