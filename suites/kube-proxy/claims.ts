import { byToken, type Identity } from "../../harness/credentials.ts";
import {
  imagesAtHand,
  issuedToken,
  kubeProxyDaemonSet,
  packetRulesFor,
  runsKubeProxy,
  serviceAccount,
  serviceFor,
} from "../../harness/fixtures.ts";
import {
  type ApiServer,
  claim,
  connectionRefused,
  forbidden,
  kubernetes,
  observed,
  onEach,
  refused,
  slide,
  together,
  works,
} from "../../harness/index.ts";
import {
  eventuallyAccepted,
  fromNode,
  https,
  readApi,
  tcp,
  until,
  type V1DaemonSet,
  type V1Pod,
} from "../../harness/probes.ts";
import { countWatches, sortsByUser, watchesOnceCut } from "./watches.ts";

/** The service account that a DaemonSet's pods run as, and their namespace. */
const accountOf = ({ metadata, spec }: V1DaemonSet) => ({
  namespace: metadata?.namespace ?? "default",
  name: spec?.template.spec?.serviceAccountName ?? "default",
});

const listsNodes = (apiServer: ApiServer, as: Identity) => () =>
  apiServer.call(as, ({ core }) => core.listNode());

claim(
  "kube-proxy/own-account",
  {
    says: "kube-proxy runs as a DaemonSet, and authenticates with the token of a service account that no other pod uses",
    documented: slide("kube-proxy"),
    touches: "nothing",
    preconditions: [runsKubeProxy, imagesAtHand],
  },
  async (lab) => {
    const [administrator, admin, daemonSet] = await Promise.all([
      lab.administrator(),
      lab.admin(),
      kubeProxyDaemonSet(lab),
    ]);
    const { namespace, name } = accountOf(daemonSet);
    const user = `system:serviceaccount:${namespace}:${name}`;
    // Just after a boot the controller manager may not have made that account yet.
    const token = await until(`the default service account of ${namespace}`, () =>
      issuedToken(admin, { namespace, name: "default" }),
    );
    const byDefault = byToken(token, `the default service account of ${namespace}`);
    const ofDaemonSet = ({ metadata }: V1Pod) =>
      metadata?.ownerReferences?.some(({ uid }) => uid === daemonSet.metadata?.uid) ?? false;
    // Each asks one API server: those of the control planes see to it that each API server is asked.
    const proxies = onEach(lab.kubeProxies, async (proxy) => {
      const [apiServer, identity] = [lab.apiServerFor(proxy.node), await proxy.identity()];
      return {
        works: [
          works(
            "kube-proxy asks who it is, by the token of its kubeconfig",
            () => apiServer.whoAmI(identity),
            {
              shows: `the user ${user}`,
              where: ({ username }) => username === user && identity.kind === "token",
            },
          ),
          works("kube-proxy lists nodes", listsNodes(apiServer, identity)),
        ],
      };
    });
    const others = onEach(
      lab.apiServers,
      (apiServer) => ({
        observed: [
          observed(
            "the pods that use its service account",
            () =>
              apiServer.call(administrator, async ({ core }) => {
                const { items } = await core.listNamespacedPod({ namespace });
                return items.filter(({ spec }) => spec?.serviceAccountName === name);
              }),
            {
              shows: "pods of the DaemonSet only",
              where: (pods) => pods.length > 0 && pods.every(ofDaemonSet),
            },
          ),
        ],
        refused: [
          refused(
            "the default service account of its namespace lists nodes",
            listsNodes(apiServer, byDefault),
            forbidden("list", "nodes", { user: `system:serviceaccount:${namespace}:default` }),
          ),
        ],
      }),
      "through",
    );
    return together(proxies, others);
  },
);

claim(
  "kube-proxy/reads-as-its-account",
  {
    says: "Each kube-proxy watches EndpointSlices as its DaemonSet's service account; an account without rights cannot",
    documented: slide("kube-proxy"),
    touches: "node",
    exclusive: true, // until kube-proxy watches again, it learns of no Service that another claim makes
    preconditions: [runsKubeProxy, imagesAtHand, sortsByUser],
  },
  async (lab) => {
    const account = accountOf(await kubeProxyDaemonSet(lab));
    const [count, stranger] = await Promise.all([countWatches(lab, account), serviceAccount(lab)]);
    const { length } = lab.kubeProxies;
    const strangers = onEach(lab.apiServers, (apiServer) => ({
      refused: [
        refused(
          "an account without rights lists EndpointSlices",
          () =>
            apiServer.call(stranger.identity, ({ discovery }) =>
              discovery.listEndpointSliceForAllNamespaces(),
            ),
          forbidden("list", "endpointslices"),
        ),
      ],
    }));
    return {
      works: [
        works(
          "kube-proxy, whose connections were cut, watches EndpointSlices again",
          () => watchesOnceCut(lab, count),
          {
            shows: `watches by the account ${account.name}: ${length} or more`,
            where: (watches) => watches >= length,
          },
        ),
      ],
      ...(await strangers),
    };
  },
);

claim(
  "kube-proxy/least-rights",
  {
    says: "kube-proxy lists Services, EndpointSlices and nodes, but cannot read Secrets, list pods or patch its node",
    documented: kubernetes(
      "Using RBAC Authorization, Core component roles",
      "reference/access-authn-authz/rbac/#core-component-roles",
    ),
    touches: "nothing",
    preconditions: [runsKubeProxy, imagesAtHand],
  },
  async (lab) => {
    const absent = { namespace: "kube-system", name: lab.unique("absent") };
    return onEach(lab.kubeProxies, async (proxy) => {
      const [apiServer, as] = [lab.apiServerFor(proxy.node), await proxy.identity()];
      const labelsItsNode = () =>
        apiServer.request(as, {
          method: "PATCH",
          path: `/api/v1/nodes/${proxy.node.name}?dryRun=All`,
          headers: { "content-type": "application/merge-patch+json" },
          body: { metadata: { labels: { planeproof: "was-here" } } },
        });
      return {
        works: [
          works("kube-proxy lists Services", () =>
            apiServer.call(as, ({ core }) => core.listServiceForAllNamespaces()),
          ),
          works("kube-proxy lists EndpointSlices", () =>
            apiServer.call(as, ({ discovery }) => discovery.listEndpointSliceForAllNamespaces()),
          ),
          works("kube-proxy lists nodes", listsNodes(apiServer, as)),
        ],
        refused: [
          refused(
            "kube-proxy reads a Secret",
            () => apiServer.call(as, ({ core }) => core.readNamespacedSecret(absent)),
            forbidden("get", "secrets"),
          ),
          refused(
            "kube-proxy lists pods",
            () => apiServer.call(as, ({ core }) => core.listPodForAllNamespaces()),
            forbidden("list", "pods"),
          ),
          refused("kube-proxy patches its node", labelsItsNode, forbidden("patch", "nodes")),
        ],
      };
    });
  },
);

claim(
  "kube-proxy/programs-rules",
  {
    says: "kube-proxy makes a new Service reachable at its cluster IP, and one without endpoints refuse connections",
    documented: kubernetes(
      "Virtual IPs and Service Proxies, Proxy modes",
      "reference/networking/virtual-ips/#proxy-modes",
    ),
    touches: "own-objects",
    preconditions: [runsKubeProxy, imagesAtHand],
  },
  async (lab) => {
    const [administrator, trust, served, empty] = await Promise.all([
      lab.administrator(),
      lab.credentials.pem("ca.crt"),
      serviceFor(lab, await lab.apiServerOn(lab.node).endpoint()),
      serviceFor(lab),
    ]);
    const target = { ...served, trust, serverName: "kubernetes" };
    const inRules = { shows: "rules for its cluster IP", where: (known: boolean) => known };
    return onEach(lab.kubeProxies, ({ node }) => ({
      works: [
        works("the node reaches the API server at the new Service's cluster IP", async () => {
          // kube-proxy learns of a Service by a watch; what is dialled before its rules are there proves nothing.
          await packetRulesFor(node, served.host);
          // The rule of a Service without endpoints may be the first one: the endpoint's comes a moment later.
          return eventuallyAccepted(() =>
            https(fromNode(node), target, administrator, { path: "/api" }, readApi),
          );
        }),
      ],
      observed: [
        observed("packet rules for the new Service", () => packetRulesFor(node, served.host), inRules),
        observed(
          "packet rules for the Service without endpoints",
          () => packetRulesFor(node, empty.host),
          inRules,
        ),
      ],
      refused: [
        refused(
          "the node connects to the cluster IP of the Service without endpoints",
          () => tcp(fromNode(node), empty),
          connectionRefused(),
        ),
      ],
    }));
  },
);
