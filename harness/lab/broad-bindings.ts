import type { Api } from "../probe/api.ts";
import type { Enumerated } from "../probe/enumeration.ts";
import type { Rights } from "./service-account.ts";

/** The rules of a role that is bound to somebody, in the whole cluster or in one namespace. */
interface Bound {
  binding: string;
  subject: string;
  role: string;
  namespace: string | undefined;
  rules: Rights;
}

const get = (...nonResourceURLs: string[]) => ({ nonResourceURLs, verbs: ["get"] });

const PUBLIC = get("/healthz", "/livez", "/readyz", "/version", "/version/");

/**
 * The most that Kubernetes and kubeadm bind to subjects that are not one user, in the whole cluster or in a namespace: the
 * default roles of "Using RBAC Authorization" (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go) and what
 * kubeadm makes for joining nodes (cmd/kubeadm/app/phases: bootstraptoken, kubelet, uploadconfig).
 */
const DEFAULTS: Record<string, Rights> = {
  "system:anonymous": [PUBLIC],
  "system:unauthenticated": [PUBLIC],
  "system:authenticated": [
    PUBLIC,
    get("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"),
    {
      apiGroups: ["authorization.k8s.io"],
      resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
      verbs: ["create"],
    },
    { apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"], verbs: ["create"] },
  ],
  "system:serviceaccounts": [
    get(
      "/.well-known/openid-configuration",
      "/.well-known/openid-configuration/",
      "/openid/v1/jwks",
      "/openid/v1/jwks/",
    ),
    {
      apiGroups: ["certificates.k8s.io"],
      resources: ["clustertrustbundles"],
      verbs: ["get", "list", "watch"],
    },
  ],
  "system:nodes": [
    {
      apiGroups: ["certificates.k8s.io"],
      resources: ["certificatesigningrequests/selfnodeclient"],
      verbs: ["create"],
    },
  ],
  "system:masters": [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ],
};

const configMaps = (...resourceNames: string[]) => ({
  apiGroups: [""],
  resources: ["configmaps"],
  verbs: ["get"],
  resourceNames,
});

const IN_NAMESPACE: Record<string, Rights> = {
  "kube-public system:anonymous": [configMaps("cluster-info")],
  "kube-system system:nodes": [configMaps("kubeadm-config", "kubelet-config")],
};

const BROAD = /^system:(anonymous|unauthenticated|authenticated|serviceaccounts(:.*)?|nodes|masters)$/;

/**
 * Every binding of anonymous and authenticated callers, service accounts as groups, nodes and masters; at fault is what
 * allows more than the defaults.
 */
export async function broadBindings(admin: Api): Promise<Enumerated[]> {
  return (await bound(admin)).map(({ binding, subject, role, namespace, rules }) => {
    const allowed = [...(DEFAULTS[subject] ?? []), ...(IN_NAMESPACE[`${namespace} ${subject}`] ?? [])];
    const beyond = rules.flatMap((rule) => rightsBeyond(rule, allowed));
    const where = namespace ? ` in ${namespace}` : "";
    return {
      what: `${subject}: ${role}${where}`,
      fault: beyond.length > 0 ? `by ${binding}, which allows to ${few(beyond)}` : undefined,
    };
  });
}

async function bound({ clients: { rbac } }: Api): Promise<Bound[]> {
  const [clusterBindings, bindings, clusterRoles, roles] = await Promise.all([
    rbac.listClusterRoleBinding(),
    rbac.listRoleBindingForAllNamespaces(),
    rbac.listClusterRole(),
    rbac.listRoleForAllNamespaces(),
  ]);
  return [...clusterBindings.items, ...bindings.items].flatMap(({ metadata, roleRef, subjects = [] }) => {
    const { name = "", namespace } = metadata ?? {};
    const known = roleRef.kind === "Role" ? roles.items : clusterRoles.items;
    const role = known.find(
      (one) =>
        one.metadata?.name === roleRef.name &&
        (roleRef.kind !== "Role" || one.metadata.namespace === namespace),
    );
    return subjects
      .filter((subject) => BROAD.test(subject.name))
      .map((subject) => ({
        binding: `the ${namespace ? "RoleBinding" : "ClusterRoleBinding"} ${name}`,
        subject: subject.name,
        role: roleRef.name,
        namespace,
        rules: role?.rules ?? [],
      }));
  });
}

/** The parts of a rule, each in words, that no rule of others covers. */
export function rightsBeyond(rule: Rights[number], allowed: Rights): string[] {
  const { verbs, nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const paths = nonResourceURLs.flatMap((url) =>
    verbs
      .filter((verb) => !allowed.some((one) => covers(one.nonResourceURLs, url) && has(one.verbs, verb)))
      .map((verb) => `${verb} ${url}`),
  );
  const covered = (verb: string, group: string, resource: string) =>
    allowed.some(
      (one) =>
        has(one.apiGroups, group) &&
        has(one.resources, resource) &&
        has(one.verbs, verb) &&
        (!one.resourceNames ||
          (resourceNames.length > 0 && resourceNames.every((name) => one.resourceNames?.includes(name)))),
    );
  const objects = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs
        .filter((verb) => !covered(verb, group, resource))
        .map((verb) => `${verb} ${group ? `${resource}.${group}` : resource}`),
    ),
  );
  return [...paths, ...objects];
}

/** A path covers itself, and one that ends with a star what begins with it. */
function covers(urls: string[] | undefined, url: string): boolean {
  return urls?.some((one) => one === url || (one.endsWith("*") && url.startsWith(one.slice(0, -1)))) ?? false;
}

function has(list: string[] | undefined, value: string): boolean {
  return list?.some((one) => one === "*" || one === value) ?? false;
}

function few(rights: string[]): string {
  const more = rights.length - 5;
  return `${rights.slice(0, 5).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
