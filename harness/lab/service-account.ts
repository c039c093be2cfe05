import type { V1PolicyRule, V1SubjectAccessReviewSpec } from "@kubernetes/client-node";
import { byToken, type TokenIdentity } from "../identity/index.ts";
import { untilShown } from "../probe/eventually.ts";
import { until } from "../support/until.ts";
import type { Lab } from "./lab.ts";
import { issuedToken } from "./token.ts";

/** A rule of RBAC: verbs on resources. */
export type Rights = V1PolicyRule[];

export interface ServiceAccountOptions {
  /** What it may do in the whole cluster; nothing unless given. */
  may?: Rights;
}

/** A service account made for one claim, and the identity behind a token that was requested for it. */
export interface MadeServiceAccount {
  name: string;
  namespace: string;
  /** `system:serviceaccount:NAMESPACE:NAME` */
  user: string;
  /** The same, as a rule names it. */
  subject: Subject;
  identity: TokenIdentity;
}

/** Makes a fresh service account with a token. Components cache their answers by user, so each question wants its own. */
export async function serviceAccount(
  lab: Lab,
  { may }: ServiceAccountOptions = {},
): Promise<MadeServiceAccount> {
  const { core } = (await lab.admin()).clients;
  const namespace = await lab.namespace();
  const name = lab.unique("account");
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
  lab.cleanup(`service account ${namespace}/${name}`, () =>
    core.deleteNamespacedServiceAccount({ name, namespace }),
  );
  const user = `system:serviceaccount:${namespace}:${name}`;
  const subject = { kind: "ServiceAccount", name, namespace } as const;
  if (may) await allow(lab, may, subject);
  const token = await issuedToken(await lab.admin(), { name, namespace, expirationSeconds: 3600 });
  const rights = may ? "with rights of its own" : "without rights";
  return {
    name,
    namespace,
    user,
    subject,
    identity: byToken(token, `service account ${name}, ${rights}`),
  };
}

/** Whom a rule is for: a subject of RBAC. */
export type Subject =
  | { kind: "User"; name: string }
  | { kind: "Group"; name: string }
  | { kind: "ServiceAccount"; name: string; namespace: string };

/** Lets a subject do something in the whole cluster until the end of the claim; returns the binding's name. */
export async function allow(lab: Lab, rules: Rights, subject: Subject): Promise<string> {
  const { rbac } = (await lab.admin()).clients;
  const name = lab.unique("planeproof-allow");
  const apiGroup = subject.kind === "ServiceAccount" ? {} : { apiGroup: "rbac.authorization.k8s.io" };
  await rbac.createClusterRole({ body: { metadata: { name }, rules } });
  lab.cleanup(`cluster role ${name}`, () => rbac.deleteClusterRole({ name }));
  await rbac.createClusterRoleBinding({
    body: {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ ...subject, ...apiGroup }],
    },
  });
  lab.cleanup(`cluster role binding ${name}`, () => rbac.deleteClusterRoleBinding({ name }));
  await inForce(lab, rules, subject);
  return name;
}

/**
 * Deletes a binding that `allow` made, and waits until the authorizer of each API server has learnt of it; 10 s at most,
 * since somebody may be allowed in another way, too.
 */
export async function withdraw(lab: Lab, binding: string, rules: Rights, subject: Subject): Promise<void> {
  const { rbac } = (await lab.admin()).clients;
  await rbac.deleteClusterRoleBinding({ name: binding });
  const administrator = await lab.administrator();
  const asked = firstRight(rules, subject);
  await Promise.all(
    lab.apiServers.map((server) =>
      untilShown(
        () => server.accessReview(administrator, asked),
        ({ allowed }) => !allowed,
      ),
    ),
  );
}

/** Waits until the authorizer of each API server allows what the first rule says; it learns of a binding by a watch. */
async function inForce(lab: Lab, rules: Rights, subject: Subject): Promise<void> {
  const administrator = await lab.administrator();
  const asked = firstRight(rules, subject);
  await Promise.all(
    lab.apiServers.map((server) =>
      until(`the authorizer of ${server.node.name} to know what ${subject.name} may do`, async () => {
        const { outcome } = await server.accessReview(administrator, asked);
        return outcome.kind === "accepted" && outcome.data.allowed;
      }),
    ),
  );
}

/** The question whether a subject may do what the first of some rules says. */
function firstRight([rule]: Rights, subject: Subject): V1SubjectAccessReviewSpec {
  const [verb = "*"] = rule?.verbs ?? [];
  const [resource = "", subresource] = rule?.resources?.[0]?.split("/") ?? [];
  const path = rule?.nonResourceURLs?.[0];
  const resourceAttributes = {
    verb,
    resource,
    group: rule?.apiGroups?.[0] ?? "",
    ...(subresource ? { subresource } : {}),
    ...(rule?.resourceNames?.[0] ? { name: rule.resourceNames[0] } : {}),
  };
  const asked = path ? { nonResourceAttributes: { verb, path } } : { resourceAttributes };
  return { ...who(subject), ...asked };
}

function who(subject: Subject): { user: string; groups?: string[] } {
  switch (subject.kind) {
    case "User":
      return { user: subject.name };
    case "Group":
      return { user: "planeproof", groups: [subject.name] };
    case "ServiceAccount":
      return { user: `system:serviceaccount:${subject.namespace}:${subject.name}` };
  }
}
