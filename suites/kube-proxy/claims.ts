import { byToken } from "../../harness/credentials.ts";
import {
  kubeProxyDaemonSet,
  packetRulesFor,
  runsKubeProxy,
  serviceAccount,
  serviceFor,
  tokenRequest,
} from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { apiServerEndpoint, kubeconfigOf } from "../../harness/nodes.ts";
import {
  https,
  readApi,
  tcp,
  type UserInfo,
  type V1DaemonSet,
  type V1Pod,
  whoAmI,
} from "../../harness/probes.ts";

/** The API as kube-proxy on the first control plane sees it: with the token that its own kubeconfig points at. */
const asKubeProxy = async (lab: Lab) => lab.api((await kubeconfigOf(lab, "kube-proxy")).identity);

const accountOf = ({ metadata, spec }: V1DaemonSet) => ({
  namespace: metadata?.namespace ?? "",
  name: spec?.template.spec?.serviceAccountName ?? "default",
});

claim(
  "kube-proxy/own-account",
  {
    says: "kube-proxy runs as a DaemonSet, and authenticates with the token of a service account that nothing else uses",
    documented: slide("kube-proxy"),
    preconditions: [runsKubeProxy],
  },
  async (lab) => {
    const admin = await lab.admin();
    const proxy = await asKubeProxy(lab);
    const daemonSet = await kubeProxyDaemonSet(lab.cluster);
    const { namespace, name } = accountOf(daemonSet);
    const isItsPod = ({ metadata }: V1Pod) =>
      metadata?.ownerReferences?.some(({ uid }) => uid === daemonSet.metadata?.uid) ?? false;
    const users = () =>
      admin.call(async ({ core }) => {
        const { items } = await core.listNamespacedPod({ namespace });
        return items.filter(({ spec }) => spec?.serviceAccountName === name);
      });
    const user = `system:serviceaccount:${namespace}:${name}`;
    const { outcome } = await tokenRequest(admin, { namespace, name: "default" });
    const neighbour = byToken(outcome.kind === "accepted" ? String(outcome.data) : "");
    const listNodes = (api: typeof admin) => () => api.call(({ core }) => core.listNode());
    return {
      works: [
        works<UserInfo>("who kube-proxy is", () => whoAmI(proxy), {
          shows: `the user ${user}`,
          where: ({ username }) => username === user && proxy.as.kind === "token",
        }),
        works<V1Pod[]>("the pods that run as that account", users, {
          shows: "those of the DaemonSet alone",
          where: (pods) => pods.length > 0 && pods.every(isItsPod),
        }),
        works("kube-proxy lists the nodes", listNodes(proxy)),
      ],
      refused: [
        refused("the default account of its namespace", listNodes(lab.api(neighbour)), "authorization", {
          status: 403,
          reason: /cannot list resource "nodes"/,
        }),
      ],
    };
  },
);

claim(
  "kube-proxy/least-rights",
  {
    says: "kube-proxy may read what it turns into packet rules, and neither Secrets nor pods, nor may it change a node",
    documented: slide("kube-proxy"),
    preconditions: [runsKubeProxy],
  },
  async (lab) => {
    const proxy = await asKubeProxy(lab);
    const namespace = "kube-system";
    const cannot = (right: string) => ({ status: 403, reason: new RegExp(`cannot ${right}`) });
    const anyName = lab.unique("absent");
    return {
      works: [
        works("lists services", () => proxy.call(({ core }) => core.listServiceForAllNamespaces())),
        works("lists endpoint slices", () =>
          proxy.call(({ discovery }) => discovery.listEndpointSliceForAllNamespaces()),
        ),
        works("lists nodes", () => proxy.call(({ core }) => core.listNode())),
      ],
      refused: [
        refused(
          "reads a Secret",
          () => proxy.call(({ core }) => core.readNamespacedSecret({ name: anyName, namespace })),
          "authorization",
          cannot('get resource "secrets"'),
        ),
        refused(
          "lists pods",
          () => proxy.call(({ core }) => core.listPodForAllNamespaces()),
          "authorization",
          cannot('list resource "pods"'),
        ),
        refused(
          "patches a node",
          () =>
            proxy.request({
              method: "PATCH",
              path: `/api/v1/nodes/${lab.node.name}?dryRun=All`,
              headers: { "content-type": "application/merge-patch+json" },
              body: { metadata: { labels: { planeproof: "was-here" } } },
            }),
          "authorization",
          cannot('patch resource "nodes"'),
        ),
      ],
    };
  },
);

claim(
  "kube-proxy/programs-rules",
  {
    says: "What kube-proxy learns from the API server becomes packet rules: a new Service is reachable under its cluster address, and one without endpoints refuses",
    documented: kubernetes("kube-proxy", "concepts/overview/components/#kube-proxy"),
    preconditions: [runsKubeProxy],
  },
  async (lab) => {
    const { identity } = await serviceAccount(lab);
    const [served, empty] = await Promise.all([
      serviceFor(lab, await apiServerEndpoint(lab.node)),
      serviceFor(lab),
    ]);
    const target = { ...served, trust: (await lab.admin()).server.caPem, serverName: "kubernetes" };
    const inRules = { shows: "rules for its address", where: (known: boolean) => known };
    return {
      works: [
        works("the node's packet rules", () => packetRulesFor(lab.node, served.host), inRules),
        works(
          "the rules for the Service without endpoints",
          () => packetRulesFor(lab.node, empty.host),
          inRules,
        ),
        works("the API server behind the new Service", () =>
          https(lab.fromNode(), target, identity, { path: "/api" }, readApi),
        ),
      ],
      refused: [refused("the Service without endpoints", () => tcp(lab.fromNode(), empty), "tcp")],
    };
  },
);
