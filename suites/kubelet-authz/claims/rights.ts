import { podOnEachNode, serviceAccount, startsPods } from "../../../harness/fixtures.ts";
import {
  claim,
  invalid,
  kubernetes,
  type Lab,
  limit,
  onEach,
  refused,
  slide,
  works,
} from "../../../harness/index.ts";

const authorization = kubernetes(
  "Kubelet authorization",
  "reference/access-authn-authz/kubelet-authn-authz/#kubelet-authorization",
);

/** Somebody without rights is refused before the kubelet looks whether there is such a container. */
const ANY_CONTAINER = { namespace: "kube-system", pod: "any", container: "any" };

/** A fresh account that may `get` a subresource of nodes: the kubelet remembers its answers, by user. */
const accountThatGets = async (lab: Lab, resource: string) =>
  (await serviceAccount(lab, { may: [{ apiGroups: [""], resources: [resource], verbs: ["get"] }] })).identity;

const ok = { status: 200 };

claim(
  "kubelet-authz/rights-required",
  {
    says: "The kubelet refuses pods, configuration and metrics to an authenticated account without rights on nodes",
    documented: slide("API server → kubelet"),
    touches: "own-objects",
  },
  async (lab) => {
    const [entitled, { identity: stranger }] = await Promise.all([
      accountThatGets(lab, "nodes/proxy"),
      serviceAccount(lab),
    ]);
    return onEach(lab.kubelets, async (kubelet) => {
      const reads = async (what: string, path: string) =>
        refused(
          `an account without rights reads ${what}`,
          () => kubelet.get(stranger, path),
          await kubelet.forbids("get", path),
        );
      return {
        works: [works("an account with nodes/proxy reads pods", () => kubelet.get(entitled, "/pods"), ok)],
        refused: [
          await reads("pods", "/pods"),
          await reads("the configuration", "/configz"),
          await reads("metrics", "/metrics"),
        ],
      };
    });
  },
);

claim(
  "kubelet-authz/metrics-alone",
  {
    says: "An account with get on nodes/metrics reads metrics, but neither pods nor logs, and runs no command",
    documented: authorization,
    touches: "own-objects",
  },
  async (lab) => {
    const monitor = await accountThatGets(lab, "nodes/metrics");
    return onEach(lab.kubelets, async (kubelet) => {
      const reads = async (what: string, path: string) =>
        refused(
          `the account reads ${what}`,
          () => kubelet.get(monitor, path),
          await kubelet.forbids("get", path),
        );
      return {
        works: [works("the account reads metrics", () => kubelet.get(monitor, "/metrics"), ok)],
        refused: [
          await reads("pods", "/pods"),
          await reads("the node's logs", "/logs/"),
          await reads("a container's log", "/containerLogs/kube-system/any/any"),
          refused(
            "the account runs a command by POST",
            () => kubelet.run(monitor, ANY_CONTAINER, "/bin/true"),
            await kubelet.forbids("create", "/run"),
          ),
          refused(
            "the account runs a command over a WebSocket",
            () => kubelet.exec(monitor, ANY_CONTAINER, "/bin/true"),
            await kubelet.forbids("get", "/exec"),
          ),
        ],
      };
    });
  },
);

claim(
  "kubelet-authz/fine-grained",
  {
    says: "nodes/pods, nodes/healthz and nodes/configz each open one path, not the other two, and run no command",
    documented: kubernetes(
      "Kubelet authorization, Fine-grained authorization",
      "reference/access-authn-authz/kubelet-authn-authz/#fine-grained-authorization",
    ),
    touches: "own-objects",
    versions: ">=1.33",
  },
  async (lab) => {
    const holders = await Promise.all(
      ["pods", "healthz", "configz"].map(async (right) => ({
        path: `/${right}`,
        name: `an account with nodes/${right}`,
        as: await accountThatGets(lab, `nodes/${right}`),
      })),
    );
    return onEach(lab.kubelets, async (kubelet) => {
      const wrongPaths = holders.flatMap(({ name, as, path }) =>
        holders
          .filter((other) => other.path !== path)
          .map(async (other) =>
            refused(
              `${name} reads ${other.path}`,
              () => kubelet.get(as, other.path),
              await kubelet.forbids("get", other.path),
            ),
          ),
      );
      const commands = holders.map(async ({ name, as }) =>
        refused(
          `${name} runs a command over a WebSocket`,
          () => kubelet.exec(as, ANY_CONTAINER, "/bin/true"),
          await kubelet.forbids("get", "/exec"),
        ),
      );
      return {
        works: [
          holders.map(({ name, as, path }) =>
            works(`${name} reads ${path}`, () => kubelet.get(as, path), ok),
          ),
        ],
        refused: [await Promise.all(wrongPaths), await Promise.all(commands)],
      };
    });
  },
);

claim(
  "kubelet-authz/proxy-for-pods",
  {
    says: "Limit: reading a kubelet's pods takes get on nodes/proxy; get on nodes/pods is not enough",
    documented: authorization,
    touches: "own-objects",
    limit: { closedBy: "the feature gate `KubeletFineGrainedAuthz` of 1.32" },
    versions: "<1.33",
  },
  async (lab) => {
    const [withProxy, withPods, stranger] = await Promise.all([
      accountThatGets(lab, "nodes/proxy"),
      accountThatGets(lab, "nodes/pods"),
      serviceAccount(lab),
    ]);
    return onEach(lab.kubelets, async (kubelet) => ({
      works: [works("an account with nodes/proxy reads pods", () => kubelet.get(withProxy, "/pods"), ok)],
      refused: [
        limit(
          refused(
            "an account with nodes/pods reads pods",
            () => kubelet.get(withPods, "/pods"),
            await kubelet.forbids("get", "/pods"),
          ),
          ok,
        ),
        refused(
          "an account without rights reads pods",
          () => kubelet.get(stranger.identity, "/pods"),
          await kubelet.forbids("get", "/pods"),
        ),
      ],
    }));
  },
);

claim(
  "kubelet-authz/get-proxy-runs-commands",
  {
    says: "Limit: get on nodes/proxy is enough to run a command in a container, over a WebSocket",
    documented: kubernetes(
      "Kubelet authorization, warning about nodes/proxy",
      "reference/access-authn-authz/kubelet-authn-authz/#get-nodes-proxy-warning",
    ),
    touches: "own-objects",
    limit: { closedBy: "`enableDebuggingHandlers: false` on the kubelet" },
    preconditions: startsPods,
  },
  async (lab) => {
    const canary = lab.unique("canary");
    const [reader, monitor, pods] = await Promise.all([
      accountThatGets(lab, "nodes/proxy"),
      accountThatGets(lab, "nodes/metrics"),
      podOnEachNode(lab, "exec sleep infinity"),
    ]);
    return onEach(pods, async ({ node, container }) => {
      const kubelet = lab.kubeletOn(node);
      return {
        works: [
          works("an account with get on nodes/proxy reads pods", () => kubelet.get(reader, "/pods"), ok),
          limit(
            works(
              "an account with get on nodes/proxy runs a command over a WebSocket",
              () => kubelet.exec(reader, container, "/bin/echo", canary),
              { shows: "the command's output", where: (output) => output.trim() === canary },
            ),
            invalid(405, /Debug endpoints are disabled/),
          ),
        ],
        refused: [
          refused(
            "the same account runs a command by POST",
            () => kubelet.run(reader, container, "/bin/true"),
            await kubelet.forbids("create", "/run"),
          ),
          refused(
            "an account with get on nodes/metrics runs a command over a WebSocket",
            () => kubelet.exec(monitor, container, "/bin/echo", canary),
            await kubelet.forbids("get", "/exec"),
          ),
        ],
      };
    });
  },
);
