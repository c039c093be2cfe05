import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { V1RuleWithOperations } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster.ts";
import { argumentOf } from "../cluster/endpoints.ts";
import { Authority } from "../pki/index.ts";
import type { Exchange } from "../probe/outcome.ts";
import { address as hostPort } from "../probe/tls.ts";
import { until } from "../support/until.ts";
import type { Lab } from "./lab.ts";
import type { Precondition } from "./precondition.ts";

/** A write that reached an API server, and who its authenticators took the caller for. */
export interface Act {
  /** `leases`, `pods/binding` */
  resource: string;
  namespace: string;
  /** Empty for an object that is made under a generated name. */
  name: string;
  username: string;
  groups: string[];
  /** SHA-256 of the caller's client certificate, in hex; API servers tell it from 1.32 on. */
  certificate: string | undefined;
  /** What was written. */
  object: { metadata?: { generateName?: string }; spec?: { holderIdentity?: string } } & Record<
    string,
    unknown
  >;
}

/** An admission webhook's question, as far as we read it (admission.k8s.io/v1). */
interface AdmissionReview {
  request: {
    uid: string;
    resource: { resource: string };
    subResource?: string;
    namespace?: string;
    name?: string;
    userInfo: { username: string; groups?: string[]; extra?: Record<string, string[]> };
    object: Act["object"];
  };
}

/** Each API server asks admission webhooks: a config may switch the plugin off. */
export const asksWebhooks: Precondition = {
  what: "API servers that ask admission webhooks",
  met: async (cluster: Cluster) => {
    const disabled = await Promise.all(
      cluster.controlPlanes.map((node) => argumentOf(node, "kube-apiserver", "disable-admission-plugins")),
    );
    return disabled.every((plugins = "") => !plugins.split(",").includes("ValidatingAdmissionWebhook"));
  },
};

/** The controller manager keeps a leader's Lease: without it, it writes nothing under its own name. */
export const electsLeader: Precondition = {
  what: "a controller manager that elects a leader",
  met: async ({ controlPlane }) =>
    (await argumentOf(controlPlane, "kube-controller-manager", "leader-elect")) !== "false",
};

/** Writes as the API servers saw them. */
export interface Acts {
  /**
   * The newest write that is `which`, waited for up to 30 s. The exchange's caller is the user as whom it was written.
   * @param from where its writer runs
   * @param what the write in words: "the Lease kube-scheduler"
   */
  seen(from: string, what: string, which: (act: Act) => boolean): Promise<Exchange<Act>>;
}

/**
 * Watches writes of some resources (`leases`, `pods/binding`) in some namespaces, and of cluster-wide ones, until the end
 * of the claim: a validating webhook of ours is told of each by the API server, with the user whom it authenticated, and
 * admits it. (An audit log would tell as well, but kubeadm keeps none.) Where our server is not reached, writes go on
 * without it (`failurePolicy: Ignore`).
 */
export async function watchActs(
  lab: Lab,
  { resources, namespaces }: { resources: readonly string[]; namespaces: readonly string[] },
): Promise<Acts> {
  const acts: Act[] = [];
  const ca = await Authority.create({ cn: "planeproof" });
  const url = await serve(lab, ca, acts);
  const own = await lab.namespace();
  const name = lab.unique("planeproof-acts");
  const { admission } = (await lab.admin()).clients;
  lab.cleanup(`webhook configuration ${name}`, () =>
    admission.deleteValidatingWebhookConfiguration({ name }),
  );
  await admission.createValidatingWebhookConfiguration({
    body: {
      metadata: { name },
      webhooks: [
        {
          name: "acts.planeproof.example",
          clientConfig: { url, caBundle: Buffer.from(ca.certPem).toString("base64") },
          rules: [rule([...resources, "leases"])],
          namespaceSelector: {
            matchExpressions: [
              { key: "kubernetes.io/metadata.name", operator: "In", values: [own, ...namespaces] },
            ],
          },
          failurePolicy: "Ignore",
          timeoutSeconds: 2,
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
        },
      ],
    },
  });
  await inForce(lab, own, acts);
  return {
    seen: async (from, what, which) => {
      const act = await until(`${what} to be written`, async () => acts.findLast(which));
      const summary = `written by ${act.username}, in ${act.groups.join(", ")}`;
      const outcome = { kind: "accepted", summary, data: act } as const;
      return { vantage: "node", from, to: what, as: act.username, outcome };
    },
  };
}

function rule(resources: string[]): V1RuleWithOperations {
  return { apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources };
}

async function serve(lab: Lab, ca: Authority, acts: Act[]): Promise<string> {
  const address = await lab.cluster.hostAddress(lab.node);
  const { certPem, keyPem } = await ca.issue({
    cn: "planeproof",
    usages: ["server"],
    sans: { ip: [address] },
  });
  const server = createServer({ cert: certPem, key: keyPem }, async (request, response) => {
    const uid = await noted(request, acts).catch(() => "");
    const body = {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid, allowed: true },
    };
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  server.listen({ host: address, port: 0 });
  await once(server, "listening");
  lab.cleanup("the server of an admission webhook", async () => {
    server.closeAllConnections();
    server.close();
  });
  return `https://${hostPort({ host: address, port: (server.address() as AddressInfo).port })}/`;
}

async function noted(request: IncomingMessage, acts: Act[]): Promise<string> {
  const {
    uid,
    resource,
    subResource,
    namespace = "",
    name = "",
    userInfo,
    object,
  } = ((await json(request)) as AdmissionReview).request;
  const { username, groups = [], extra = {} } = userInfo;
  const [credential] = extra["authentication.kubernetes.io/credential-id"] ?? [];
  acts.push({
    resource: subResource ? `${resource.resource}/${subResource}` : resource.resource,
    namespace,
    name,
    username,
    groups: [...groups].sort(),
    certificate: /^X509SHA256=(.*)$/.exec(credential ?? "")?.[1],
    object,
  });
  return uid;
}

/** Waits until each API server tells us of a Lease that it is asked for in vain (a dry run). */
async function inForce(lab: Lab, namespace: string, acts: readonly Act[]): Promise<void> {
  const administrator = await lab.administrator();
  await Promise.all(
    lab.apiServers.map((server) =>
      until(`the API server of ${server.node.name} to ask an admission webhook on this machine`, async () => {
        const name = lab.unique("planeproof-heard");
        const body = { metadata: { name } };
        await server.call(administrator, ({ coordination }) =>
          coordination.createNamespacedLease({ namespace, body, dryRun: "All" }),
        );
        return acts.some((act) => act.name === name);
      }),
    ),
  );
}
