import { byToken } from "../../harness/credentials.ts";
import { issuedToken } from "../../harness/fixtures.ts";
import type { ApiServer, Exchange, Lab, Precondition } from "../../harness/index.ts";
import { argumentOf, connectionsOf, cutConnection, endpointOf } from "../../harness/nodes.ts";
import { observation, until, untilShown } from "../../harness/probes.ts";

const API = "/apis/flowcontrol.apiserver.k8s.io/v1";

const WATCH = "/apis/discovery.k8s.io/v1/endpointslices?watch=true&timeoutSeconds=1";

const AFTER_BACKOFF = { timeoutMs: 20_000 };

/** Cuts every kube-proxy's connections to the API server, and returns how many watches are counted once they are back. */
export async function watchesOnceCut(lab: Lab, count: () => Promise<number>): Promise<Exchange<number>> {
  const cuts = await Promise.all(
    lab.kubeProxies.map(async (proxy) => {
      const { node } = proxy;
      const { port } = endpointOf((await proxy.kubeconfig()).server);
      const open = await until(`kube-proxy on ${node.name} to be connected`, async () => {
        const ends = await connectionsOf(node, "kube-proxy", port);
        return ends.length > 0 && ends;
      });
      return () => Promise.all(open.map((end) => cutConnection(node, end)));
    }),
  );
  const before = await count();
  await Promise.all(cuts.map((cut) => cut()));
  const since = async () => {
    const watches = (await count()) - before;
    return observation(lab.node, "the watches that API servers count", watches, `${watches} since the cut`);
  };
  return untilShown(since, (watches) => watches >= cuts.length, AFTER_BACKOFF);
}

/** The API servers count requests by user: a config may switch that off. */
export const sortsByUser: Precondition = {
  what: "API servers with priority and fairness",
  met: async ({ controlPlanes }) => {
    const asked = controlPlanes.map((node) =>
      argumentOf(node, "kube-apiserver", "enable-priority-and-fairness"),
    );
    return (await Promise.all(asked)).every((value) => value !== "false");
  },
};

/** A service account, by name. */
interface Account {
  namespace: string;
  name: string;
}

/**
 * Has the API servers count how often an account begins to watch EndpointSlices, until the end of the claim: an API server
 * sorts requests by the user whom it authenticated (API Priority and Fairness), and tells of each priority level how many
 * requests it let through; this one has no others. Returns the count so far, of all API servers.
 */
export async function countWatches(lab: Lab, account: Account): Promise<() => Promise<number>> {
  const level = lab.unique("planeproof-watches");
  await makeLevel(lab, level, account);
  const counts = () => Promise.all(lab.apiServers.map((apiServer) => dispatched(lab, apiServer, level)));
  const token = await issuedToken(await lab.admin(), account);
  await Promise.all(
    lab.apiServers.map((apiServer) =>
      until(`the API server of ${apiServer.node.name} to count the watches of ${account.name}`, async () => {
        await apiServer.get(byToken(token), WATCH);
        return (await dispatched(lab, apiServer, level)) > 0;
      }),
    ),
  );
  return async () => (await counts()).reduce((sum, count) => sum + count, 0);
}

async function makeLevel(lab: Lab, name: string, account: Account): Promise<void> {
  const level = {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "PriorityLevelConfiguration",
    metadata: { name },
    spec: {
      type: "Limited",
      limited: {
        nominalConcurrencyShares: 5,
        limitResponse: { type: "Queue", queuing: { queues: 1, handSize: 1, queueLengthLimit: 50 } },
      },
    },
  };
  const schema = {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: { name },
    spec: {
      matchingPrecedence: 50,
      priorityLevelConfiguration: { name },
      rules: [
        {
          subjects: [{ kind: "ServiceAccount", serviceAccount: account }],
          resourceRules: [
            {
              verbs: ["watch"],
              apiGroups: ["discovery.k8s.io"],
              resources: ["endpointslices"],
              clusterScope: true,
              namespaces: ["*"],
            },
          ],
        },
      ],
    },
  };
  await make(lab, "prioritylevelconfigurations", level);
  await make(lab, "flowschemas", schema);
}

async function make(lab: Lab, resource: string, body: { metadata: { name: string } }): Promise<void> {
  const admin = await lab.admin();
  const { name } = body.metadata;
  lab.cleanup(`${resource} ${name}`, () =>
    admin.request({ method: "DELETE", path: `${API}/${resource}/${name}` }),
  );
  const { outcome } = await admin.request({ path: `${API}/${resource}`, body });
  if (outcome.kind !== "accepted") throw new Error(`no ${resource} could be made: ${outcome.reason}`);
}

/** How many requests of a priority level an API server has let through; 0 where it does not know the level yet. */
async function dispatched(lab: Lab, apiServer: ApiServer, level: string): Promise<number> {
  const path = "/debug/api_priority_and_fairness/dump_priority_levels";
  const { outcome } = await apiServer.get(await lab.administrator(), path);
  if (outcome.kind !== "accepted") throw new Error(`${path}: ${outcome.reason}`);
  const [header = [], ...rows] = outcome.data
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.trim()));
  const row = rows.find(([name]) => name === level) ?? [];
  return Number(row[header.indexOf("DispatchedRequests")] ?? 0);
}
