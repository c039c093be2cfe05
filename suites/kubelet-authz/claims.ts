import { byCertificate, type Identity } from "../../harness/credentials.ts";
import { allow, runningPod, serviceAccount, withoutApiServer } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { argumentOf } from "../../harness/nodes.ts";
import {
  type ContainerName,
  cheapestVantage,
  kubeletExec,
  kubeletGet,
  kubeletRun,
  observation,
} from "../../harness/probes.ts";

/** What can be asked of the control plane's kubelet, and how. */
async function asking(lab: Lab) {
  const kubelet = await lab.kubelet();
  const vantage = await cheapestVantage(lab, kubelet);
  return {
    get: (path: string, as: Identity) => () => kubeletGet(vantage, kubelet, as, path),
    /** A command by POST. */
    run: (container: ContainerName, as: Identity) => () =>
      kubeletRun(vantage, kubelet, as, { ...container, command: "/bin/true" }),
    /** A command over a WebSocket, whose request is a GET. */
    exec:
      (container: ContainerName, as: Identity, ...command: string[]) =>
      () =>
        kubeletExec(vantage, kubelet, as, container, command),
  };
}

/** Who has no rights is refused before the kubelet looks whether there is such a container. */
const ANY_CONTAINER = { namespace: "kube-system", pod: "any", container: "any" };

/** A fresh account that may do something to nodes' subresources. The kubelet remembers its answers, by user. */
const account = (lab: Lab, verbs: string[], resources: string[]) =>
  serviceAccount(lab, { may: [{ apiGroups: [""], resources, verbs }] });

/** How the kubelet names what somebody lacks; the wording changed in 1.32 (pkg/kubelet/server/server.go). */
function lacking(lab: Lab, verb: string, subresources = "proxy") {
  const what = lab.cluster.version.atLeast("1.32")
    ? `subresource\\(s\\)=\\[${subresources}\\]`
    : `subresource=${subresources}`;
  return {
    status: 403,
    reason: new RegExp(`^Forbidden \\(user=.*, verb=${verb}, resource=nodes, ${what}\\)$`),
  };
}

const fineGrained = (lab: Lab) => lab.cluster.version.atLeast("1.33");

claim(
  "kubelet-authz/rights-required",
  {
    says: "To be known is not enough: the kubelet refuses an account that has no rights on nodes",
    documented: slide("API server → kubelet"),
  },
  async (lab) => {
    const ask = await asking(lab);
    const [entitled, stranger] = await Promise.all([
      account(lab, ["get"], ["nodes/proxy"]),
      serviceAccount(lab),
    ]);
    return {
      works: [
        works("pods, for who may get nodes/proxy", ask.get("/pods", entitled.identity), { status: 200 }),
      ],
      refused: [
        refused(
          "pods, for who has no rights",
          ask.get("/pods", stranger.identity),
          "authorization",
          lacking(lab, "get", fineGrained(lab) ? "pods proxy" : "proxy"),
        ),
        refused(
          "its configuration",
          ask.get("/configz", stranger.identity),
          "authorization",
          lacking(lab, "get", fineGrained(lab) ? "configz proxy" : "proxy"),
        ),
        refused(
          "metrics",
          ask.get("/metrics", stranger.identity),
          "authorization",
          lacking(lab, "get", "metrics"),
        ),
      ],
    };
  },
);

claim(
  "kubelet-authz/webhook-mode",
  {
    says: "The kubelet is started with --authorization-mode=Webhook",
    documented: slide("API server → kubelet"),
    outdated: {
      since: "1.11",
      now: "kubeadm writes authorization.mode: Webhook into the kubelet's configuration file",
    },
  },
  async (lab) => {
    const ask = await asking(lab);
    const as = await lab.credentials.certificate("apiserver-kubelet-client");
    const stranger = await serviceAccount(lab);
    const argument = async () => {
      const value = await argumentOf(lab.node, "kubelet", "authorization-mode");
      return observation(
        lab.node,
        "the kubelet's arguments",
        value,
        `--authorization-mode is ${value ?? "not there"}`,
      );
    };
    return {
      works: [
        works("the kubelet's arguments", argument, {
          shows: "no --authorization-mode",
          where: (value) => value === undefined,
        }),
        works<string>("the configuration in force", ask.get("/configz", as), {
          shows: "mode: Webhook",
          where: (body) => JSON.parse(body).kubeletconfig.authorization.mode === "Webhook",
        }),
      ],
      refused: [
        refused("an account without rights", ask.get("/stats/summary", stranger.identity), "authorization", {
          ...lacking(lab, "get", "stats"),
        }),
      ],
    };
  },
);

claim(
  "kubelet-authz/metrics-alone",
  {
    says: "Who may read a node's metrics reads these alone: neither pods nor logs, and runs no command",
    documented: kubernetes(
      "Kubelet authentication/authorization",
      "reference/access-authn-authz/kubelet-authn-authz/",
    ),
  },
  async (lab) => {
    const ask = await asking(lab);
    const { identity } = await account(lab, ["get"], ["nodes/metrics"]);
    return {
      works: [works("metrics", ask.get("/metrics", identity), { status: 200 })],
      refused: [
        refused(
          "pods",
          ask.get("/pods", identity),
          "authorization",
          lacking(lab, "get", fineGrained(lab) ? "pods proxy" : "proxy"),
        ),
        refused("logs of the node", ask.get("/logs/", identity), "authorization", lacking(lab, "get", "log")),
        refused(
          "a container's log",
          ask.get("/containerLogs/kube-system/any/any", identity),
          "authorization",
          lacking(lab, "get"),
        ),
        refused("a command", ask.run(ANY_CONTAINER, identity), "authorization", lacking(lab, "create")),
        refused(
          "a command over a WebSocket",
          ask.exec(ANY_CONTAINER, identity, "/bin/true"),
          "authorization",
          lacking(lab, "get"),
        ),
      ],
    };
  },
);

claim(
  "kubelet-authz/fine-grained",
  {
    says: "Pods, health and configuration have rights of their own, each of which opens nothing else",
    documented: kubernetes(
      "Kubelet authentication/authorization, fine-grained authorization",
      "reference/access-authn-authz/kubelet-authn-authz/",
    ),
    versions: ">=1.33",
  },
  async (lab) => {
    const ask = await asking(lab);
    const [pods, healthz, configz] = await Promise.all([
      account(lab, ["get"], ["nodes/pods"]),
      account(lab, ["get"], ["nodes/healthz"]),
      account(lab, ["get"], ["nodes/configz"]),
    ]);
    return {
      works: [
        works("pods, with nodes/pods", ask.get("/pods", pods.identity), { status: 200 }),
        works("health, with nodes/healthz", ask.get("/healthz", healthz.identity), { status: 200 }),
        works("configuration, with nodes/configz", ask.get("/configz", configz.identity), { status: 200 }),
      ],
      refused: [
        refused(
          "a command, with nodes/pods",
          ask.exec(ANY_CONTAINER, pods.identity, "/bin/true"),
          "authorization",
          lacking(lab, "get"),
        ),
        refused(
          "configuration, with nodes/pods",
          ask.get("/configz", pods.identity),
          "authorization",
          lacking(lab, "get", "configz proxy"),
        ),
        refused(
          "pods, with nodes/configz",
          ask.get("/pods", configz.identity),
          "authorization",
          lacking(lab, "get", "pods proxy"),
        ),
      ],
    };
  },
);

claim(
  "kubelet-authz/proxy-for-pods",
  {
    says: "Limit: to read a node's pods takes nodes/proxy, the right with which commands are run too",
    documented: kubernetes(
      "Kubelet authentication/authorization",
      "reference/access-authn-authz/kubelet-authn-authz/",
    ),
    versions: "<1.33",
  },
  async (lab) => {
    const ask = await asking(lab);
    const [proxy, pods] = await Promise.all([
      account(lab, ["get"], ["nodes/proxy"]),
      account(lab, ["get"], ["nodes/pods"]),
    ]);
    return {
      works: [works("pods, with nodes/proxy", ask.get("/pods", proxy.identity), { status: 200 })],
      refused: [
        refused(
          "pods, with nodes/pods",
          ask.get("/pods", pods.identity),
          "authorization",
          lacking(lab, "get"),
        ),
      ],
    };
  },
);

claim(
  "kubelet-authz/api-server-decides",
  {
    says: "The API server is who decides: a rule that it has now counts on the kubelet, one that it had does not",
    documented: slide("API server → kubelet"),
  },
  async (lab) => {
    const ask = await asking(lab);
    const { rbac } = (await lab.admin()).clients;
    const rules = [{ apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] }];
    const [bound, unbound] = await Promise.all([serviceAccount(lab), serviceAccount(lab)]);
    const subject = ({ name, namespace }: typeof bound) =>
      ({ kind: "ServiceAccount", name, namespace }) as const;
    const [, withdrawn] = await Promise.all([
      allow(lab, rules, subject(bound)),
      allow(lab, rules, subject(unbound)),
    ]);
    await rbac.deleteClusterRoleBinding({ name: withdrawn });
    return {
      works: [works("an account with a fresh binding", ask.get("/metrics", bound.identity), { status: 200 })],
      refused: [
        refused(
          "an account whose binding was withdrawn before it ever asked",
          ask.get("/metrics", unbound.identity),
          "authorization",
          lacking(lab, "get", "metrics"),
        ),
      ],
    };
  },
);

claim(
  "kubelet-authz/no-answer-no-entry",
  {
    says: "While the API server cannot be asked, the kubelet lets nobody in whom it has not asked about before",
    documented: slide("Webhooks"),
    exclusive: true,
  },
  async (lab) => {
    const [ask, clusterCa] = [await asking(lab), await lab.credentials.authority("ca")];
    // Certificates: to know who shows one, the kubelet needs no API server.
    const user = async () => {
      const name = lab.unique("somebody");
      await allow(lab, [{ apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] }], {
        kind: "User",
        name,
      });
      return byCertificate(await clusterCa.issue({ cn: name, usages: ["client"] }));
    };
    const [known, unknown] = await Promise.all([user(), user()]);
    const apart = (as: Identity) => () => withoutApiServer(lab, ask.get("/metrics", as));
    return {
      works: [
        works("asked about while the API server answers", ask.get("/metrics", known), { status: 200 }),
        works("the same user while it does not: the answer is remembered", apart(known), { status: 200 }),
      ],
      refused: [
        refused("a user with the same rights, not asked about before", apart(unknown), "authorization", {
          status: 500,
          reason: /^Authorization error \(user=somebody-/,
        }),
      ],
    };
  },
);

claim(
  "kubelet-authz/get-proxy-runs-commands",
  {
    says: "Limit: who may merely get nodes/proxy runs commands in every container of the node, over a WebSocket",
    documented: kubernetes(
      "Kubelet authentication/authorization",
      "reference/access-authn-authz/kubelet-authn-authz/",
    ),
  },
  async (lab) => {
    const ask = await asking(lab);
    const [namespace, pod, canary] = [await lab.namespace(), lab.unique("commanded"), lab.unique("canary")];
    const container = { namespace, pod, container: "main" };
    const [{ identity: reader }, { identity: measurer }] = await Promise.all([
      account(lab, ["get"], ["nodes/proxy"]),
      account(lab, ["get"], ["nodes/metrics"]),
      runningPod(lab, { namespace, name: pod, node: lab.node, script: "sleep infinity" }),
    ]);
    return {
      works: [
        works<string>(
          "a command over a WebSocket, which is a GET",
          ask.exec(container, reader, "/bin/echo", canary),
          {
            shows: "the command's output",
            where: (output) => output.trim() === canary,
          },
        ),
      ],
      refused: [
        refused("a command by POST", ask.run(container, reader), "authorization", lacking(lab, "create")),
        refused(
          "over a WebSocket with nodes/metrics",
          ask.exec(container, measurer, "/bin/echo", canary),
          "authorization",
          lacking(lab, "get"),
        ),
      ],
    };
  },
);
