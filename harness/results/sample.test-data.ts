import type { Channel } from "./channel.ts";
import type { ClaimResult, ControlResult, Observed, Report, Run } from "./schema.ts";
import { summarise } from "./summary.ts";
import type { Layer } from "./vocabulary.ts";

// A made-up report with every verdict, to test the writers with. It says nothing about any real cluster.

type Place = Pick<ControlResult, "vantage" | "from" | "to" | "as">;

const node = "kind-control-plane";
const apiServer = "172.18.0.2:6443";
const etcd = "172.18.0.2:2379";
const kubelet = "172.18.0.2:10250";

const from = (as: string, to: string, vantage: Place["vantage"] = "node"): Place => ({
  vantage,
  from: vantage === "node" ? node : vantage === "pod" ? "planeproof/asker" : vantage,
  to,
  as,
});

const works = (name: string, place: Place, summary: string, shows?: string): ControlResult => ({
  name,
  kind: "positive",
  ...place,
  expected: { kind: "accepted", status: 200, ...(shows && { shows }) },
  observed: { kind: "accepted", status: 200, summary },
  ok: true,
  ms: 84 + (name.length % 60),
});

const refused = (
  name: string,
  place: Place,
  layer: Layer,
  detail: { alert?: number; status?: number },
  reason: string,
): ControlResult => ({
  name,
  kind: "negative",
  ...place,
  expected: { kind: "refused", layer, ...detail },
  observed: { kind: "refused", layer, ...detail, reason },
  ok: true,
  ms: 90 + (name.length % 50),
});

const observed = (name: string, place: Place, shows: string): ControlResult => ({
  name,
  kind: "observation",
  ...place,
  expected: { kind: "accepted", shows },
  observed: { kind: "accepted", summary: shows },
  ok: true,
  ms: 30,
});

/** The same control, but something else was seen. */
const instead = (control: ControlResult, observed: Observed): ControlResult => ({
  ...control,
  observed,
  ok: false,
});

const forbidden = (name: string, place: Place, reason: string) =>
  refused(name, place, "authorization", { status: 403 }, reason);
const unauthorized = (name: string, place: Place) =>
  refused(name, place, "authentication", { status: 401 }, "Unauthorized");

function claim(id: string, says: string, section: string, ...controls: ControlResult[]): ClaimResult {
  return {
    id,
    channel: id.split("/")[0] ?? "",
    says,
    documented: { source: "Securing the control plane", section, url: "https://example.com/slides#L73-L91" },
    verdict: "holds",
    expected: "holds",
    asExpected: true,
    ms: controls.reduce((total, { ms }) => total + ms, 12),
    controls,
  };
}

const who = (file: string, user: string): ControlResult =>
  works(
    `${file} asks the API server who it is`,
    from(`${user}, signed by CN=kubernetes`, apiServer),
    user,
    `the user ${user}`,
  );

const rogueKubelet = claim(
  "kubelet-serving/rogue-kubelet-refused",
  "The API server sends nobody's session to a kubelet whose serving certificate it cannot verify",
  "API server → kubelet",
  works(
    "logs of a pod on the true kubelet arrive",
    from("kubernetes-admin", apiServer),
    "the line that the pod wrote",
  ),
  refused(
    "logs of a pod on a rogue kubelet are asked for",
    from("kubernetes-admin", apiServer),
    "tls",
    {},
    "x509: certificate signed by unknown authority",
  ),
);

const knownExposure: ClaimResult = {
  ...rogueKubelet,
  verdict: "broken",
  expected: "broken",
  reason:
    "kubeadm gives the API server no CA for the kubelets' serving certificates, so it talks to any TLS server (https://kubernetes.io/docs/concepts/architecture/control-plane-node-communication/)",
  controls: rogueKubelet.controls.map((control) =>
    control.kind === "negative"
      ? instead(control, { kind: "accepted", status: 200, summary: "the rogue's own words" })
      : control,
  ),
};

const tokenOfController: ClaimResult = {
  ...claim(
    "sa-issuance/no-secret-made",
    "Each time a service account is created, the controller manager generates a token",
    "Service account tokens",
    works(
      "a pod's token names pod, node and audience",
      from("system:serviceaccount:planeproof:asker", apiServer, "pod"),
      "aud, exp, pod UID, jti",
    ),
    refused(
      "a token for 60 s is asked for",
      from("kubernetes-admin", apiServer),
      "validation",
      { status: 422 },
      "may not specify a duration less than 10 minutes",
    ),
  ),
  verdict: "outdated",
  expected: "outdated",
  reason: "since 1.24 no Secret is made: the API server signs a token that is bound to its pod",
};

const betaReview: ClaimResult = {
  ...claim(
    "access-review/v1beta1-example",
    "The slide's SubjectAccessReview, authorization.k8s.io/v1beta1 with group:, is answered",
    "Subject Access Review",
    works("the same review under v1 is answered", from("kubernetes-admin", apiServer), "allowed: false"),
    refused(
      "the slide's review is sent as it stands",
      from("kubernetes-admin", apiServer),
      "validation",
      { status: 404 },
      "the server could not find the requested resource",
    ),
  ),
  verdict: "outdated",
  expected: "outdated",
  reason: "v1beta1 is gone since 1.22, and v1 says groups",
};

const memberWrites: ClaimResult = {
  ...claim(
    "etcd-peer/write-is-replicated",
    "What is written to one member of etcd is read from another",
    "etcd peers",
  ),
  verdict: "not-exercised",
  expected: "not-exercised",
  reason: "needs three etcd members",
  ms: 1,
};

const anonymousKubelet = claim(
  "kubelet-authn/anonymous-refused",
  "Without a credential a kubelet answers 401, and nothing else",
  "API server → kubelet",
  works(
    "an authorised service account reads /metrics",
    from("system:serviceaccount:planeproof:metrics", kubelet),
    "200 OK, 41 kB",
  ),
  unauthorized("nobody reads /pods", from("nobody", kubelet, "neighbour")),
);

/** Claims as they stand on a cluster that kubeadm made when it was asked for nothing in particular. */
const onDefault: ClaimResult[] = [
  claim(
    "general/anonymous-lists-nothing",
    "Whoever brings no credential may not list anything",
    "Securing the control plane",
    works("admin lists pods", from("kubernetes-admin", apiServer, "host"), "9 pods"),
    forbidden(
      "nobody lists pods",
      from("nobody", apiServer, "neighbour"),
      'User "system:anonymous" cannot list resource "pods"',
    ),
    refused(
      "plain http to 6443",
      from("nobody", apiServer, "neighbour"),
      "tls",
      {},
      "client sent an HTTP request to an HTTPS server",
    ),
  ),
  claim(
    "etcd-peer/foreign-ca-refused",
    "A member of etcd talks to nobody whose certificate is not of etcd's CA",
    "etcd peers",
    works(
      "the peer certificate reads /members",
      from("CN=kind-control-plane, signed by CN=etcd-ca", "172.18.0.2:2380"),
      "1 member",
    ),
    refused(
      "super-admin's certificate reads /members",
      from("CN=kubernetes-super-admin, signed by CN=kubernetes", "172.18.0.2:2380"),
      "tls",
      { alert: 48 },
      "unknown ca",
    ),
  ),
  memberWrites,
  claim(
    "etcd-client/cluster-ca-refused",
    "A certificate of the cluster's CA, even super-admin's, opens nothing on etcd's client port",
    "etcd clients",
    works(
      "the API server's own certificate counts the keys of Kubernetes",
      from("CN=kube-apiserver-etcd-client, signed by CN=etcd-ca", etcd),
      "312 keys",
      "keys under /registry/",
    ),
    refused(
      "super-admin's certificate counts the keys",
      from("CN=kubernetes-super-admin, signed by CN=kubernetes", etcd),
      "tls",
      { alert: 48 },
      "unknown ca",
    ),
  ),
  claim(
    "etcd-client/no-certificate-refused",
    "Without a certificate etcd's client port does not answer",
    "etcd clients",
    works(
      "the health check's certificate reads a key",
      from("CN=kube-etcd-healthcheck-client, signed by CN=etcd-ca", etcd),
      "1 key",
    ),
    refused("nobody counts the keys", from("nobody", etcd), "tls", { alert: 116 }, "certificate required"),
    refused(
      "an expired certificate counts the keys",
      from("CN=kube-apiserver-etcd-client, expired yesterday", etcd),
      "tls",
      { alert: 45 },
      "certificate expired",
    ),
  ),
  claim(
    "api-clients/foreign-ca-refused",
    "A client is believed only under a certificate of the cluster's CA, whatever its subject says",
    "API server clients",
    who("admin.conf", "kubernetes-admin"),
    unauthorized(
      "a stranger's CA says system:masters",
      from("CN=kubernetes-admin, O=system:masters, signed by CN=rogue", apiServer),
    ),
  ),
  claim(
    "kubelet-identity/group-alone-is-no-node",
    "A kubelet is its node only with both, CN=system:node:NAME and O=system:nodes",
    "Kubelet → API server",
    who("kubelet.conf", "system:node:kind-control-plane"),
    forbidden(
      "the name without the group reads its node",
      from("CN=system:node:kind-control-plane, signed by CN=kubernetes", apiServer),
      "cannot get resource nodes",
    ),
  ),
  claim(
    "node-isolation/unrelated-secret",
    "A kubelet reads the Secrets of pods on its own node, and no other",
    "Kubelet → API server",
    works("the Secret that a pod here mounts", from("system:node:kind-control-plane", apiServer), "200 OK"),
    forbidden(
      "a Secret that no pod here mounts",
      from("system:node:kind-control-plane", apiServer),
      "no relationship found between node and this object",
    ),
  ),
  claim(
    "api-to-kubelet/logs-under-own-key-pair",
    "For logs and exec the API server comes with a key pair of its own, which opens nothing else",
    "API server → kubelet",
    works("logs of a pod arrive", from("kubernetes-admin", apiServer), "the line that the pod wrote"),
    forbidden(
      "its certificate lists Secrets",
      from("CN=kube-apiserver-kubelet-client, signed by CN=kubernetes", apiServer),
      'cannot list resource "secrets"',
    ),
  ),
  knownExposure,
  anonymousKubelet,
  claim(
    "kubelet-authz/asks-the-api-server",
    "Who may exec is decided by the API server, which the kubelet asks",
    "API server → kubelet",
    works(
      "nodes/metrics alone reads /metrics",
      from("system:serviceaccount:planeproof:metrics", kubelet),
      "200 OK",
    ),
    forbidden(
      "nodes/metrics alone runs a command",
      from("system:serviceaccount:planeproof:metrics", kubelet),
      "Forbidden (user=system:serviceaccount:planeproof:metrics, verb=create, resource=nodes, subresource(s)=[proxy])",
    ),
    {
      ...forbidden(
        "the account reads /metrics",
        from("system:serviceaccount:planeproof:metrics", kubelet),
        "Forbidden (user=system:serviceaccount:planeproof:metrics, verb=get, resource=nodes, subresource=metrics)",
      ),
      after: "after its binding was deleted",
    },
    observed(
      "the kubelet's configuration is read",
      from("kubernetes-admin", kubelet),
      "authorization.mode: Webhook",
    ),
  ),
  claim(
    "scheduler/reads-no-secret",
    "The scheduler is system:kube-scheduler, and reads no Secret",
    "Scheduler",
    who("scheduler.conf", "system:kube-scheduler"),
    forbidden(
      "scheduler.conf reads a Secret",
      from("system:kube-scheduler", apiServer),
      'cannot get resource "secrets"',
    ),
  ),
  claim(
    "controller-manager/makes-no-rights",
    "The controller manager is an ordinary client: it grants no rights",
    "Controller manager",
    who("controller-manager.conf", "system:kube-controller-manager"),
    forbidden(
      "controller-manager.conf makes a ClusterRoleBinding",
      from("system:kube-controller-manager", apiServer),
      "cannot create resource clusterrolebindings",
    ),
  ),
  claim(
    "csr-signing/unapproved-unsigned",
    "A request is signed once approved, and not before",
    "Controller manager",
    works(
      "an approved request's certificate authenticates",
      from("CN=planeproof-asker, signed by CN=kubernetes", apiServer),
      "planeproof-asker",
    ),
    unauthorized(
      "the key of an unapproved request, self-signed",
      from("CN=planeproof-asker, signed by itself", apiServer),
    ),
  ),
  tokenOfController,
  claim(
    "sa-verification/forged-refused",
    "A token that the API server did not sign is refused",
    "Service account tokens",
    works(
      "a pod's own token",
      from("system:serviceaccount:planeproof:asker", apiServer, "pod"),
      "system:serviceaccount:planeproof:asker",
    ),
    unauthorized(
      "the same token, signed with another key",
      from("a forged token of planeproof:asker", apiServer, "pod"),
    ),
    unauthorized("the same token, alg none", from("an unsigned token of planeproof:asker", apiServer, "pod")),
  ),
  claim(
    "kube-proxy/reads-no-secret",
    "kube-proxy reads services with its service account's token, and no Secret",
    "kube-proxy",
    works(
      "its token lists services",
      from("system:serviceaccount:kube-system:kube-proxy", apiServer),
      "4 services",
    ),
    forbidden(
      "its token reads a Secret",
      from("system:serviceaccount:kube-system:kube-proxy", apiServer),
      'cannot get resource "secrets"',
    ),
  ),
  betaReview,
];

/** The same claims where somebody closed one hole and opened another. */
const onHardened: ClaimResult[] = onDefault.map((one) => {
  if (one.id === rogueKubelet.id) return rogueKubelet;
  if (one.id === anonymousKubelet.id) {
    const opened: Observed = {
      kind: "refused",
      layer: "authorization",
      status: 403,
      reason: "Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource(s)=[pods proxy])",
    };
    return {
      ...one,
      verdict: "broken",
      asExpected: false,
      reason: "nobody reads /pods: refused by authorization, 403: Forbidden (user=system:anonymous)",
      controls: one.controls.map((control) =>
        control.kind === "negative" ? instead(control, opened) : control,
      ),
    };
  }
  if (one.id === "csr-signing/unapproved-unsigned") {
    return {
      ...one,
      verdict: "inconclusive",
      asExpected: false,
      reason: "an approved request's certificate authenticates: no answer within 10 s",
      controls: one.controls.map((control) =>
        control.kind === "positive"
          ? instead(control, { kind: "failed", reason: "no answer within 10 s" })
          : control,
      ),
    };
  }
  if (one.id === "etcd-peer/write-is-replicated") {
    return {
      ...one,
      expected: "holds",
      asExpected: false,
      reason: "needs three etcd members; one did not come up",
    };
  }
  return one;
});

const runDefault: Run = {
  cluster: "default",
  config: "clusters/default.yaml",
  kubernetes: "v1.37.2",
  provider: "kind",
  nodes: [{ name: node, role: "control-plane" }],
  boot: {
    ms: 9_640,
    steps: [
      { name: "find the node image", ms: 40 },
      { name: "boot the nodes", ms: 8_800 },
      { name: "prove the patches", ms: 800 },
    ],
  },
  patches: [{ path: "KubeletConfiguration.failCgroupV1", asked: "false", found: "false", landed: true }],
  claims: onDefault,
};

const runHardened: Run = {
  ...runDefault,
  cluster: "hardened",
  config: "clusters/hardened.yaml",
  kubernetes: "v1.36.3",
  nodes: [
    { name: "kind-control-plane", role: "control-plane" },
    { name: "kind-control-plane2", role: "control-plane" },
    { name: "kind-worker", role: "worker" },
  ],
  boot: { ms: 93_100, steps: [{ name: "boot the nodes", ms: 93_000 }] },
  claims: onHardened,
};

/** As the suites' channel.ts state them, in the order of reports. */
export const channels: Channel[] = [
  {
    id: "general",
    title: "Every open port",
    from: "anyone",
    to: "control plane",
    summary: "A made-up summary of general.",
    drawn: { from: "anyone", to: "API server" },
  },
  {
    id: "etcd-peer",
    title: "etcd peers",
    from: "etcd",
    to: "etcd",
    port: 2380,
    summary: "A made-up summary of etcd-peer.",
  },
  {
    id: "etcd-client",
    title: "etcd clients",
    from: "API server",
    to: "etcd",
    port: 2379,
    summary: "A made-up summary of etcd-client.",
  },
  {
    id: "api-clients",
    title: "API server clients",
    from: "clients",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of api-clients.",
  },
  {
    id: "kubelet-identity",
    title: "Kubelet's identity",
    from: "kubelet",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of kubelet-identity.",
  },
  {
    id: "node-isolation",
    title: "Node isolation",
    from: "kubelet",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of node-isolation.",
  },
  {
    id: "api-to-kubelet",
    title: "API server to kubelet",
    from: "API server",
    to: "kubelet",
    port: 10250,
    summary: "A made-up summary of api-to-kubelet.",
  },
  {
    id: "kubelet-serving",
    title: "Kubelet's certificate",
    from: "API server",
    to: "kubelet",
    port: 10250,
    summary: "A made-up summary of kubelet-serving.",
  },
  {
    id: "kubelet-authn",
    title: "Kubelet authentication",
    from: "anyone",
    to: "kubelet",
    port: 10250,
    summary: "A made-up summary of kubelet-authn.",
  },
  {
    id: "kubelet-authz",
    title: "Kubelet authorization",
    from: "kubelet",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of kubelet-authz.",
  },
  {
    id: "scheduler",
    title: "Scheduler",
    from: "scheduler",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of scheduler.",
  },
  {
    id: "controller-manager",
    title: "Controller manager",
    from: "controller manager",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of controller-manager.",
  },
  {
    id: "csr-signing",
    title: "Certificate signing",
    from: "controller manager",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of csr-signing.",
  },
  {
    id: "sa-issuance",
    title: "Token issuance",
    from: "API server",
    to: "pods",
    summary: "A made-up summary of sa-issuance.",
  },
  {
    id: "sa-verification",
    title: "Token verification",
    from: "pods",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of sa-verification.",
  },
  {
    id: "kube-proxy",
    title: "kube-proxy",
    from: "kube-proxy",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of kube-proxy.",
  },
  {
    id: "access-review",
    title: "Access reviews",
    from: "authorizers",
    to: "API server",
    port: 6443,
    summary: "A made-up summary of access-review.",
    drawn: { from: "clients", to: "API server" },
  },
];

/** A report with consistent numbers over these runs. */
export function reportOf(...runs: Run[]): Report {
  return {
    schema: 1,
    tool: { name: "planeproof", version: "0.1.0" },
    startedAt: "2030-01-02T03:04:05.678Z",
    durationMs: 41_300,
    channels,
    runs,
    summary: summarise(runs),
  };
}

/** One cluster, all as expected: claims that hold, one known exposure, two outdated sentences, one not exercised. */
export const calm: Report = reportOf(runDefault);

/** Two clusters; on the second a claim is broken, one inconclusive, one is not exercised though it was to be. */
export const alarming: Report = reportOf(runDefault, runHardened);

/** A kill matrix: a mutant that is killed, one that survives, one that changes nothing. */
export const sabotaged: Report = {
  ...reportOf(runDefault),
  mutants: [
    {
      id: "anonymous-is-admin",
      kind: "live",
      breaks: ["general/anonymous-lists-nothing"],
      killedBy: ["general/anonymous-lists-nothing"],
      survived: false,
      equivalent: false,
      collateral: [],
      ms: 2100,
    },
    {
      id: "kubelet-anonymous",
      kind: "boot",
      breaks: ["kubelet-authn/anonymous-refused"],
      killedBy: [],
      survived: true,
      equivalent: false,
      collateral: ["kubelet-authz/asks-the-api-server"],
      ms: 24_000,
    },
    {
      id: "etcd-client-cert-auth-false",
      kind: "boot",
      breaks: [],
      killedBy: [],
      survived: false,
      equivalent: true,
      collateral: [],
      ms: 23_000,
    },
  ],
};
