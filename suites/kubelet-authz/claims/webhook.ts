import { byCertificate } from "../../../harness/credentials.ts";
import { allow, serviceAccount, withdraw } from "../../../harness/fixtures.ts";
import { claim, kubernetes, observed, onEach, refused, slide, works } from "../../../harness/index.ts";
import { observation } from "../../../harness/probes.ts";
import { cutOffFromApiServer } from "../cut-off.ts";

const readMetrics = [{ apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] }];

const ok = { status: 200 };

claim(
  "kubelet-authz/webhook-mode",
  {
    says: "The kubelet is started with --authorization-mode=Webhook",
    documented: slide("API server → kubelet"),
    touches: "own-objects",
    outdated: {
      since: "1.11",
      now: "kubeadm writes authorization.mode: Webhook into the kubelet's configuration file",
      unless: (lab) => lab.everyKubelet((kubelet) => kubelet.argument("authorization-mode")),
    },
  },
  async (lab) => {
    const [apiServer, { identity: stranger }] = await Promise.all([
      lab.credentials.certificate("apiserver-kubelet-client"),
      serviceAccount(lab),
    ]);
    return onEach(lab.kubelets, async (kubelet) => {
      const argument = async () => {
        const value = await kubelet.argument("authorization-mode");
        const summary = `--authorization-mode is ${value ?? "not there"}`;
        return observation(kubelet.node, "the kubelet's arguments", value, summary);
      };
      return {
        works: [
          works("the API server reads the configuration in force", () => kubelet.configz(apiServer), {
            shows: "mode: Webhook",
            where: ({ authorization }) => authorization?.mode === "Webhook",
          }),
        ],
        observed: [
          observed("the kubelet's arguments", argument, {
            shows: "no --authorization-mode, or Webhook",
            where: (value) => value === undefined || value === "Webhook",
          }),
        ],
        refused: [
          refused(
            "an account without rights reads statistics",
            () => kubelet.get(stranger, "/stats/summary"),
            await kubelet.forbids("get", "/stats/summary"),
          ),
        ],
      };
    });
  },
);

claim(
  "kubelet-authz/api-server-decides",
  {
    says: "The kubelet follows the API server's RBAC: a new binding counts, a deleted one does not",
    documented: slide("API server → kubelet"),
    touches: "own-objects",
  },
  async (lab) => {
    const [bound, unbound] = await Promise.all([serviceAccount(lab), serviceAccount(lab)]);
    const [, binding] = await Promise.all([
      allow(lab, readMetrics, bound.subject),
      allow(lab, readMetrics, unbound.subject),
    ]);
    const fresh = await onEach(lab.kubelets, (kubelet) => ({
      works: [
        works(
          "the account with a new binding reads metrics",
          () => kubelet.get(bound.identity, "/metrics"),
          ok,
        ),
      ],
    }));
    // It has not asked a kubelet before: a kubelet remembers for five minutes who may do what.
    const withdrawn = await onEach(lab.kubelets, async (kubelet) => ({
      refused: [
        refused(
          "the account whose binding is deleted reads metrics",
          () => kubelet.get(unbound.identity, "/metrics"),
          await kubelet.forbids("get", "/metrics", unbound.user),
        ),
      ],
    }));
    return {
      ...fresh,
      afterwards: {
        what: "the other account's binding is deleted",
        change: () => withdraw(lab, binding, readMetrics, unbound.subject),
        ...withdrawn,
      },
    };
  },
);

/** A kubelet that remembers for less may have forgotten before it is asked again: then nothing is to be seen of it. */
const LONGER_THAN_THE_CUT_S = 30;

claim(
  "kubelet-authz/no-answer-no-entry",
  {
    says: "A kubelet that cannot reach the API server serves a user whom it remembers, and refuses others",
    documented: kubernetes(
      "KubeletWebhookAuthorization",
      "reference/config-api/kubelet-config.v1beta1/#kubelet-config-k8s-io-v1beta1-KubeletWebhookAuthorization",
    ),
    touches: "node",
    exclusive: true, // a node that is cut off is cut off for every claim
  },
  async (lab) => {
    const clusterCa = await lab.credentials.authority("ca");
    // Certificates: to know who shows one, the kubelet needs no API server.
    const user = async () => {
      const name = lab.unique("somebody");
      await allow(lab, readMetrics, { kind: "User", name });
      return byCertificate(await clusterCa.issue({ cn: name, usages: ["client"] }));
    };
    const [remembered, another] = await Promise.all([user(), user()]);
    return onEach(lab.kubelets, async (kubelet) => {
      const metrics = (as: typeof another) => () => kubelet.get(as, "/metrics");
      const remembers = (await kubelet.remembersFor()) > LONGER_THAN_THE_CUT_S;
      return {
        works: [works("a user reads metrics", metrics(remembered), ok)],
        afterwards: {
          what: "the kubelet is cut off from the API server",
          change: () => cutOffFromApiServer(lab, kubelet),
          works: [remembers ? works("the same user reads metrics", metrics(remembered), ok) : []],
          refused: [
            refused("a user with the same rights reads metrics", metrics(another), {
              layer: "authorization",
              status: 500,
              reason: /^Authorization error \(user=somebody-/,
            }),
          ],
        },
      };
    });
  },
);
