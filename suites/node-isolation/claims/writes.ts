import { certificateRequest } from "../../../harness/credentials.ts";
import { idlePod, type MadePod, phantomNode } from "../../../harness/fixtures.ts";
import { claim, deniedByAdmission, kubernetes, onEach, refused, works } from "../../../harness/index.ts";
import { type Api, eventuallyAccepted, mergePatch } from "../../../harness/probes.ts";
import { twoNodes } from "../two-nodes.ts";

const nodeRestriction = kubernetes(
  "Admission Control, NodeRestriction",
  "reference/access-authn-authz/admission-controllers/#noderestriction",
);

const patchNode =
  (api: Api, name: string, body: unknown, part = "") =>
  () =>
    mergePatch(api, `/api/v1/nodes/${name}${part}`, body);

claim(
  "node-isolation/own-node-object",
  {
    says: "A kubelet changes its own Node and Lease, and cannot change those of another node",
    documented: nodeRestriction,
    touches: "cluster",
  },
  async (lab) => {
    const { coordination } = (await lab.admin()).clients;
    const namespace = "kube-node-lease";
    const annotated = { metadata: { annotations: { "planeproof.example/by": "kubelet" } } };
    const ready = { status: { conditions: [{ type: "Ready", status: "True", reason: "Planeproof" }] } };
    const notThisNode = deniedByAdmission(/is not allowed to modify node/);
    const createLease = (api: Api, name: string) => () =>
      api.call((clients) =>
        clients.coordination.createNamespacedLease({
          namespace,
          body: { metadata: { name }, spec: { holderIdentity: name, leaseDurationSeconds: 40 } },
        }),
      );
    return onEach(lab.kubelets, async (kubelet) => {
      const { own, api, other, otherApi } = await twoNodes(lab, kubelet);
      const admin = await lab.admin();
      const stranger = lab.unique("phantom");
      for (const name of [other.name, stranger])
        lab.cleanup(`lease ${namespace}/${name}`, () =>
          coordination.deleteNamespacedLease({ name, namespace }),
        );
      lab.cleanup(
        `an annotation of node ${own}`,
        patchNode(admin, own, { metadata: { annotations: { "planeproof.example/by": null } } }),
      );
      return {
        works: [
          works("the kubelet annotates its own Node", patchNode(api, own, annotated)),
          works(
            "the other node's kubelet reports its own status",
            patchNode(otherApi, other.name, ready, "/status"),
          ),
          works("the other node's kubelet creates its own Lease", createLease(otherApi, other.name)),
        ],
        refused: [
          refused("the kubelet annotates another Node", patchNode(api, other.name, annotated), notThisNode),
          refused(
            "the kubelet reports another node's status",
            patchNode(api, other.name, ready, "/status"),
            notThisNode,
          ),
          refused(
            "the kubelet creates another node's Lease",
            createLease(api, stranger),
            deniedByAdmission(/can only access node lease with the same name as the requesting node/),
          ),
        ],
      };
    });
  },
);

claim(
  "node-isolation/no-self-promotion",
  {
    says: "A kubelet labels its own Node, but cannot set a reserved label, set a taint or remove one",
    documented: nodeRestriction,
    touches: "own-objects",
  },
  (lab) =>
    onEach(lab.apiServers, async (apiServer) => {
      const { name, identity } = await phantomNode(lab);
      const api = await apiServer.api(identity);
      const label = (key: string) => patchNode(api, name, { metadata: { labels: { [key]: "yes" } } });
      const taint = (taints: unknown[]) => patchNode(api, name, { spec: { taints } });
      const kept = [{ key: "planeproof.example/kept", effect: "NoSchedule" }];
      await mergePatch(await lab.admin(), `/api/v1/nodes/${name}`, { spec: { taints: kept } });
      const noTaints = deniedByAdmission(/is not allowed to modify taints/);
      return {
        works: [works("the kubelet sets an ordinary label", label("planeproof.example/free"))],
        refused: [
          refused(
            "the kubelet sets a label by which administrators isolate nodes",
            label("node-restriction.kubernetes.io/tier"),
            deniedByAdmission(/is not allowed to modify labels: node-restriction.kubernetes.io\/tier/),
          ),
          refused(
            "the kubelet sets the label of a role",
            label("node-role.kubernetes.io/control-plane"),
            deniedByAdmission(/is not allowed to modify labels: node-role.kubernetes.io\/control-plane/),
          ),
          refused(
            "the kubelet sets a taint",
            taint([{ key: "planeproof.example/mine", effect: "NoExecute" }]),
            noTaints,
          ),
          refused("the kubelet removes the taints", taint([]), noTaints),
        ],
      };
    }),
);

claim(
  "node-isolation/pods-of-own-node",
  {
    says: "A kubelet reports on and deletes the pods of its node, and cannot do either to a pod elsewhere",
    documented: nodeRestriction,
    touches: "own-objects",
  },
  (lab) =>
    onEach(lab.kubelets, async (kubelet) => {
      const { own, api, other, otherApi } = await twoNodes(lab, kubelet);
      const [mine, theirs] = await Promise.all([
        idlePod(lab, { node: own }),
        idlePod(lab, { node: other.name }),
      ]);
      const path = ({ namespace, name }: MadePod) => `/api/v1/namespaces/${namespace}/pods/${name}`;
      const report = (as: Api, pod: MadePod) => () =>
        mergePatch(as, `${path(pod)}/status`, { status: { message: "planeproof" } });
      const remove = (pod: MadePod) => () =>
        api.request({ method: "DELETE", path: `${path(pod)}?gracePeriodSeconds=0` });
      return {
        works: [
          works("the kubelet reports a pod of its node", () => eventuallyAccepted(report(api, mine))),
          works("the other node's kubelet reports its pod", () =>
            eventuallyAccepted(report(otherApi, theirs)),
          ),
          works("the kubelet deletes a pod of its node", () => eventuallyAccepted(remove(mine))),
        ],
        refused: [
          refused(
            "the kubelet reports a pod elsewhere",
            report(api, theirs),
            deniedByAdmission(/can only update pod status for pods with spec.nodeName set to itself/),
          ),
          refused(
            "the kubelet deletes a pod elsewhere",
            remove(theirs),
            deniedByAdmission(/can only delete pods with spec.nodeName set to itself/),
          ),
        ],
      };
    }),
);

claim(
  "node-isolation/certificates-of-own-name",
  {
    says: "A kubelet requests a client certificate in its own name, and cannot request one in another node's",
    documented: kubernetes(
      "Certificate Signing Requests, Kubernetes signers",
      "reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers",
    ),
    versions: ">=1.31", // NodeRestriction looks at the request's subject since then (kubernetes/kubernetes#126015).
    touches: "own-objects",
  },
  async (lab) => {
    const { certificates } = (await lab.admin()).clients;
    return onEach(lab.kubelets, async (kubelet) => {
      const { own, api, other } = await twoNodes(lab, kubelet);
      const request = (node: string) => async () => {
        const { csrPem } = await certificateRequest({
          cn: `system:node:${node}`,
          organizations: ["system:nodes"],
        });
        const name = lab.unique("planeproof");
        lab.cleanup(`CSR ${name}`, () => certificates.deleteCertificateSigningRequest({ name }));
        return api.request({
          method: "POST",
          path: "/apis/certificates.k8s.io/v1/certificatesigningrequests",
          body: {
            metadata: { name },
            spec: {
              request: Buffer.from(csrPem).toString("base64"),
              signerName: "kubernetes.io/kube-apiserver-client-kubelet",
              usages: ["client auth", "digital signature"],
            },
          },
        });
      };
      return {
        works: [works("the kubelet requests a certificate in its own name", request(own))],
        refused: [
          refused(
            "the kubelet requests a certificate in another node's name",
            request(other.name),
            deniedByAdmission(/can only create a node CSR with CN=system:node:/),
          ),
        ],
      };
    });
  },
);
