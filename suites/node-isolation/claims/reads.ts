import { createSecret, idlePod, type MadePod } from "../../../harness/fixtures.ts";
import {
  claim,
  deniedByAdmission,
  forbidden,
  kubernetes,
  onEach,
  refused,
  works,
} from "../../../harness/index.ts";
import { type Api, eventuallyAccepted } from "../../../harness/probes.ts";
import { noRelationship, twoNodes } from "../two-nodes.ts";

const overview = kubernetes(
  "Using Node Authorization, Overview",
  "reference/access-authn-authz/node/#overview",
);

claim(
  "node-isolation/secrets-of-own-pods",
  {
    says: "A kubelet reads a Secret that a pod of its node mounts, and is refused other Secrets",
    documented: overview,
    touches: "own-objects",
  },
  async (lab) => {
    const namespace = await lab.namespace();
    return onEach(lab.kubelets, async (kubelet) => {
      const { own, api, other, otherApi } = await twoNodes(lab, kubelet);
      const [mine, theirs, unmounted] = await Promise.all([
        createSecret(lab),
        createSecret(lab),
        createSecret(lab),
      ]);
      await Promise.all([
        idlePod(lab, { node: own, secret: mine }),
        idlePod(lab, { node: other.name, secret: theirs }),
      ]);
      const read = (as: Api, name: string) => () =>
        as.call(({ core }) => core.readNamespacedSecret({ name, namespace }));
      const noSecret = noRelationship("get", "secrets");
      return {
        works: [
          works("the kubelet reads a Secret of its pod", () => eventuallyAccepted(read(api, mine))),
          works("the other node's kubelet reads a Secret of its pod", () =>
            eventuallyAccepted(read(otherApi, theirs)),
          ),
        ],
        refused: [
          refused("the kubelet reads a Secret of a pod on another node", read(api, theirs), noSecret),
          refused("the kubelet reads a Secret that no pod mounts", read(api, unmounted), noSecret),
          refused("the other node's kubelet reads a Secret of this node", read(otherApi, mine), noSecret),
          refused(
            "the kubelet lists the Secrets of a namespace",
            () => api.call(({ core }) => core.listNamespacedSecret({ namespace })),
            forbidden("list", "secrets", { because: /No Object name found/ }),
          ),
        ],
      };
    });
  },
);

claim(
  "node-isolation/reads-of-own-node",
  {
    says: "A kubelet reads its own Node and the pods bound to it, but cannot read another Node or list all pods",
    documented: overview,
    // KEP-4601, AuthorizeNodeWithSelectors: before, every kubelet read all nodes and all pods.
    versions: ">=1.32",
    touches: "own-objects",
  },
  (lab) =>
    onEach(lab.kubelets, async (kubelet) => {
      const { own, api, other } = await twoNodes(lab, kubelet);
      const pod = await idlePod(lab, { node: other.name });
      const readNode = (name: string) => () => api.call(({ core }) => core.readNode({ name }));
      const listPods = (fieldSelector?: string) => () =>
        api.call(({ core }) => core.listPodForAllNamespaces(fieldSelector ? { fieldSelector } : {}));
      return {
        works: [
          works("the kubelet reads its own Node", readNode(own)),
          works("the kubelet lists the pods of its node", listPods(`spec.nodeName=${own}`)),
        ],
        refused: [
          refused(
            "the kubelet reads another Node",
            readNode(other.name),
            forbidden("get", "nodes", { because: /only its own Node object/ }),
          ),
          refused(
            "the kubelet lists all nodes",
            () => api.call(({ core }) => core.listNode()),
            forbidden("list", "nodes", { because: /cannot read all nodes/ }),
          ),
          refused(
            "the kubelet lists all pods",
            listPods(),
            forbidden("list", "pods", {
              because: /can only list\/watch pods with spec.nodeName field selector/,
            }),
          ),
          refused(
            "the kubelet lists the pods of another node",
            listPods(`spec.nodeName=${other.name}`),
            forbidden("list", "pods"),
          ),
          refused(
            "the kubelet reads a pod of another node",
            () => api.call(({ core }) => core.readNamespacedPod(pod)),
            noRelationship("get", "pods"),
          ),
        ],
      };
    }),
);

claim(
  "node-isolation/tokens-of-own-pods",
  {
    says: "A kubelet gets service account tokens only for the pods of its node",
    documented: kubernetes(
      "Using Node Authorization, Service account token audience restriction",
      "reference/access-authn-authz/node/#service-account-token-audience-restriction",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const namespace = await lab.namespace();
    const { core } = (await lab.admin()).clients;
    const account = async () => {
      const name = lab.unique("account");
      await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
      lab.cleanup(`service account ${namespace}/${name}`, () =>
        core.deleteNamespacedServiceAccount({ name, namespace }),
      );
      return name;
    };
    return onEach(lab.kubelets, async (kubelet) => {
      const { own, api, other } = await twoNodes(lab, kubelet);
      const [shared, foreign] = await Promise.all([account(), account()]);
      const [mine, theirs, foreigner] = await Promise.all([
        idlePod(lab, { node: own, serviceAccount: shared }),
        idlePod(lab, { node: other.name, serviceAccount: shared }),
        idlePod(lab, { node: other.name, serviceAccount: foreign }),
      ]);
      const request =
        (name: string, pod?: MadePod, audiences: string[] = []) =>
        () => {
          const bound = pod && {
            boundObjectRef: { kind: "Pod", apiVersion: "v1", name: pod.name, uid: pod.uid },
          };
          const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
          return api.request({ method: "POST", path, body: { spec: { audiences, ...bound } } });
        };
      return {
        works: [
          works("the kubelet requests a token for a pod of its node", () =>
            eventuallyAccepted(request(shared, mine)),
          ),
        ],
        refused: [
          refused(
            "the kubelet requests a token of an account that no pod of its node uses",
            request(foreign, foreigner),
            noRelationship("create", "serviceaccounts/token"),
          ),
          refused(
            "the kubelet requests a token for a pod on another node",
            request(shared, theirs),
            deniedByAdmission(/node requested token bound to a pod scheduled on a different node/),
          ),
          refused(
            "the kubelet requests a token for no pod",
            request(shared),
            deniedByAdmission(/node requested token not bound to a pod/),
          ),
          // KEP-4412, ServiceAccountNodeAudienceRestriction
          ...(lab.cluster.version.atLeast("1.33")
            ? [
                refused(
                  "the kubelet requests a token for an audience that the pod does not name",
                  request(shared, mine, ["planeproof.example"]),
                  deniedByAdmission(
                    /is not authorized to request tokens for (this audience|audience "planeproof.example")/,
                  ),
                ),
              ]
            : []),
        ],
      };
    });
  },
);
