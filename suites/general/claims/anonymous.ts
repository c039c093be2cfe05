import { byToken, forge, type Identity, nobody } from "../../../harness/credentials.ts";
import { serviceAccount } from "../../../harness/fixtures.ts";
import {
  admitsAnonymous,
  claim,
  kubernetes,
  onEach,
  refused,
  slide,
  unauthorized,
  works,
} from "../../../harness/index.ts";

const ok = { status: 200 };

claim(
  "general/anonymous-refused",
  {
    says: "The API server refuses to list pods, list Secrets or create a namespace for a caller without a credential",
    documented: slide("Securing the control plane"),
    touches: "nothing",
  },
  async (lab) => {
    const administrator = await lab.administrator();
    const namespace = "kube-system";
    const body = { metadata: { name: lab.unique("anonymous") } };
    return onEach(lab.apiServers, async (apiServer) => {
      const listsPods = (as: Identity) => () =>
        apiServer.call(as, ({ core }) => core.listNamespacedPod({ namespace }));
      const inNamespace = (resource: string) =>
        apiServer.refusesAnonymous(`/api/v1/namespaces/${namespace}/${resource}`, "list", resource);
      return {
        works: [
          works("the administrator lists pods", listsPods(administrator), {
            shows: "pods",
            where: ({ items }) => items.length > 0,
          }),
        ],
        refused: [
          refused("a caller without a credential lists pods", listsPods(nobody), await inNamespace("pods")),
          refused(
            "a caller without a credential lists Secrets",
            () => apiServer.call(nobody, ({ core }) => core.listNamespacedSecret({ namespace })),
            await inNamespace("secrets"),
          ),
          refused(
            "a caller without a credential creates a namespace",
            () => apiServer.call(nobody, ({ core }) => core.createNamespace({ body, dryRun: "All" })),
            await apiServer.refusesAnonymous("/api/v1/namespaces", "create", "namespaces"),
          ),
        ],
      };
    });
  },
);

claim(
  "general/anonymous-reads-health-alone",
  {
    says: "The API server lets anonymous callers read health, version and cluster-info, but not ConfigMaps, metrics, profiles, discovery or JWKS",
    documented: kubernetes(
      "Using RBAC Authorization, API discovery roles",
      "reference/access-authn-authz/rbac/#discovery-roles",
    ),
    touches: "nothing",
    preconditions: [admitsAnonymous],
  },
  async (lab) => {
    const administrator = await lab.administrator();
    const configMaps = "/api/v1/namespaces/kube-public/configmaps";
    const open = [
      ["health", "/healthz"],
      ["liveness", "/livez"],
      ["readiness", "/readyz"],
      ["the version", "/version"],
      ["cluster-info", `${configMaps}/cluster-info`],
    ] as const;
    return onEach(lab.apiServers, async (apiServer) => {
      const read = (path: string) => () => apiServer.request(nobody, { path });
      const cannotRead = async (what: string, path: string) =>
        refused(`an anonymous caller reads ${what}`, read(path), await apiServer.refusesAnonymous(path));
      const admitted = await Promise.all(open.map(([, path]) => apiServer.admitsAnonymous(path)));
      return {
        works: [
          works("the administrator reads metrics", () => apiServer.get(administrator, "/metrics"), ok),
          ...open
            .filter((_, index) => admitted[index])
            .map(([what, path]) => works(`an anonymous caller reads ${what}`, read(path), ok)),
        ],
        refused: [
          refused(
            "an anonymous caller lists the ConfigMaps beside cluster-info",
            read(configMaps),
            await apiServer.refusesAnonymous(configMaps, "list", "configmaps"),
          ),
          await cannotRead("metrics", "/metrics"),
          await cannotRead("profiles of the process", "/debug/pprof/"),
          await cannotRead("the API groups (discovery)", "/apis"),
          await cannotRead("the keys of service account tokens (JWKS)", "/openid/v1/jwks"),
          ...(await Promise.all(
            open.filter((_, index) => !admitted[index]).map(([what, path]) => cannotRead(what, path)),
          )),
        ],
      };
    });
  },
);

// The token in the example of the documentation of bearer tokens and of the static token file.
const EXAMPLE_TOKEN = "31ada4fd-adec-460c-809a-9e56ceb75269";

claim(
  "general/forged-bearer-refused",
  {
    says: "The API server answers 401 to a bearer token that it cannot verify, and does not treat it as anonymous",
    documented: kubernetes(
      "Authenticating, Anonymous requests",
      "reference/access-authn-authz/authentication/#anonymous-requests",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const { identity: genuine } = await serviceAccount(lab);
    const forged = byToken(await forge.otherKey(genuine.token), "a forged service account token");
    const example = byToken(EXAMPLE_TOKEN, "the documentation's example token");
    // Everybody may read the version, anonymous callers included: only the token can be what is refused.
    const path = "/version";
    return onEach(lab.apiServers, async (apiServer) => {
      const reads = (as: Identity) => () => apiServer.request(as, { path });
      const anonymous = works("a caller without a token reads the version", reads(nobody), ok);
      return {
        works: [
          works("a service account reads the version", reads(genuine), ok),
          ...((await apiServer.admitsAnonymous(path)) ? [anonymous] : []),
        ],
        refused: [
          refused(
            "a token with genuine claims and another key's signature reads the version",
            reads(forged),
            unauthorized(),
          ),
          refused("the documentation's example token reads the version", reads(example), unauthorized()),
        ],
      };
    });
  },
);
