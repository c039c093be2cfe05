import { byCertificate } from "../../harness/credentials.ts";
import { serviceAccount } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { kubeconfigOf } from "../../harness/nodes.ts";
import {
  type Api,
  accessReview,
  type Review,
  until,
  type V1SubjectAccessReview,
} from "../../harness/probes.ts";

const EXAMPLE = "Subject Access Review";
const REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** The question of the documented example: may somebody get pods in kube-system? */
const gettingPods = { resourceAttributes: { namespace: "kube-system", resource: "pods", verb: "get" } };
const jean = { user: "jean.doe", ...gettingPods };

const denied = { shows: "not allowed", where: ({ allowed }: Review) => !allowed };

/** Whoever may ask, and nothing else. */
const asker = async (lab: Lab) => {
  const may = [
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  ];
  return lab.api((await serviceAccount(lab, { may })).identity);
};

/** Lets a made-up group read pods in kube-system, by a RoleBinding that is in force; returns the names of both. */
async function groupThatReadsPods(lab: Lab): Promise<{ group: string; binding: string }> {
  const admin = await lab.admin();
  const { rbac } = admin.clients;
  const namespace = "kube-system";
  const [name, group] = [lab.unique("planeproof"), lab.unique("foo")];
  const apiGroup = "rbac.authorization.k8s.io";
  lab.cleanup(() => rbac.deleteNamespacedRole({ name, namespace }).catch(() => {}));
  lab.cleanup(() => rbac.deleteNamespacedRoleBinding({ name, namespace }).catch(() => {}));
  await rbac.createNamespacedRole({
    namespace,
    body: { metadata: { name }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }] },
  });
  await rbac.createNamespacedRoleBinding({
    namespace,
    body: {
      metadata: { name },
      roleRef: { apiGroup, kind: "Role", name },
      subjects: [{ apiGroup, kind: "Group", name: group }],
    },
  });
  // The authorizer learns of a binding by a watch.
  await until(`the authorizer to know of the binding ${name}`, async () => {
    const { outcome } = await accessReview(admin, { ...jean, groups: [group] });
    return outcome.kind === "accepted" && (outcome.data as Review).allowed;
  });
  return { group, binding: name };
}

/** Posts a review word by word; the data is a Review. */
async function posted(api: Api, path: string, apiVersion: string, spec: object) {
  const body = { apiVersion, kind: "SubjectAccessReview", spec };
  const { outcome, ...exchange } = await api.request({ method: "POST", path, body });
  if (outcome.kind !== "accepted") return { ...exchange, outcome };
  const { allowed = false, reason = "" } = (outcome.data as V1SubjectAccessReview).status ?? {};
  const summary = allowed ? `allowed: ${reason}` : "not allowed";
  return { ...exchange, outcome: { ...outcome, summary, data: { allowed, reason } } };
}

claim(
  "access-review/answers-who-may-ask",
  {
    says: "The API server answers allow or deny to whoever may ask, and refuses the question itself to everybody else",
    documented: slide("Webhooks"),
  },
  async (lab) => {
    const [api, bystander] = await Promise.all([asker(lab), serviceAccount(lab)]);
    return {
      works: [
        works<Review>("may jean.doe get pods?", () => accessReview(api, jean), denied),
        works<Review>(
          "may system:masters?",
          () => accessReview(api, { ...gettingPods, groups: ["system:masters"] }),
          { shows: "allowed", where: ({ allowed }) => allowed },
        ),
      ],
      refused: [
        refused(
          "an account without rights asks",
          () => accessReview(lab.api(bystander.identity), jean),
          "authorization",
          { status: 403, reason: /cannot create resource "subjectaccessreviews"/ },
        ),
        refused("a question about nobody", () => accessReview(api, gettingPods), "validation", {
          status: 422,
          reason: /at least one of user or group must be specified/,
        }),
      ],
    };
  },
);

claim(
  "access-review/group-decides",
  {
    says: "A review's answer is what happens: it allows by a group's binding, which it names, and the bearer of that group does it; without the group both say no",
    documented: slide("Webhooks"),
  },
  async (lab) => {
    const api = await asker(lab);
    const { group, binding } = await groupThatReadsPods(lab);
    const ca = await lab.credentials.authority("ca");
    const bearer = async (...organizations: string[]) =>
      lab.api(byCertificate(await ca.issue({ cn: jean.user, organizations, usages: ["client"] })));
    const [member, outsider] = await Promise.all([bearer(group), bearer()]);
    const listing = (as: Api) => () =>
      as.call(({ core }) => core.listNamespacedPod({ namespace: "kube-system", limit: 1 }));
    return {
      works: [
        works<Review>(
          "may jean.doe, in the group?",
          () => accessReview(api, { ...jean, groups: [group, "bar"] }),
          {
            shows: `allowed, by the binding ${binding} of the group ${group}`,
            where: ({ allowed, reason }) => allowed && reason.includes(binding) && reason.includes(group),
          },
        ),
        works("jean.doe in the group lists pods", listing(member)),
        works<Review>(
          "may jean.doe, in other groups?",
          () => accessReview(api, { ...jean, groups: ["foo", "bar"] }),
          denied,
        ),
      ],
      refused: [
        refused("jean.doe without the group lists pods", listing(outsider), "authorization", {
          status: 403,
          reason: /User "jean\.doe" cannot list resource "pods"/,
        }),
      ],
    };
  },
);

claim(
  "access-review/v1beta1",
  {
    says: "A SubjectAccessReview is sent as authorization.k8s.io/v1beta1",
    documented: slide(EXAMPLE),
    outdated: { since: "1.22", now: "authorization.k8s.io/v1 answers; v1beta1 is not served any more" },
  },
  async (lab) => {
    const api = await asker(lab);
    const version = (name: string) => () =>
      posted(api, REVIEWS.replace("v1", name), `authorization.k8s.io/${name}`, {
        ...jean,
        groups: ["foo", "bar"],
      });
    return {
      works: [works<Review>("the example, as v1", version("v1"), denied)],
      refused: [
        refused("the example, as v1beta1", version("v1beta1"), "validation", {
          status: 404,
          reason: /could not find the requested resource/,
        }),
      ],
    };
  },
);

claim(
  "access-review/groups-field",
  {
    says: "The groups of a review's subject are given in its field `group`",
    documented: slide(EXAMPLE),
    outdated: {
      since: "1.22",
      now: "v1 reads `groups`; `group` is dropped, so that the answer ignores it, or refused where validation is strict",
    },
  },
  async (lab) => {
    const api = await asker(lab);
    const { group, binding } = await groupThatReadsPods(lab);
    const posting = (spec: object, validation: string) => () =>
      posted(api, `${REVIEWS}?fieldValidation=${validation}`, "authorization.k8s.io/v1", {
        ...jean,
        ...spec,
      });
    return {
      works: [
        works<Review>("with `groups`", posting({ groups: [group] }, "Strict"), {
          shows: `allowed, by the binding ${binding}`,
          where: ({ allowed, reason }) => allowed && reason.includes(binding),
        }),
        works<Review>("with `group`, unknown fields ignored", posting({ group: [group] }, "Ignore"), denied),
      ],
      refused: [
        refused("with `group`, strictly", posting({ group: [group] }, "Strict"), "validation", {
          status: 400,
          reason: /strict decoding error: unknown field "spec\.group"/,
        }),
      ],
    };
  },
);

claim(
  "access-review/kubelet-asks",
  {
    says: "A webhook authorizer is a client of this API like any other: a kubelet asks with its own certificate, and its rights come from the group system:nodes",
    documented: kubernetes("Kubelet authorization", "reference/access-authn-authz/kubelet-authn-authz/"),
  },
  async (lab) => {
    const { identity } = await kubeconfigOf(lab, "kubelet");
    const ca = await lab.credentials.authority("ca");
    const withoutGroup = byCertificate(
      await ca.issue({ cn: lab.unique("system:node:stray"), usages: ["client"] }),
    );
    return {
      works: [
        works<Review>(
          "the kubelet asks whether jean.doe may",
          () => accessReview(lab.api(identity), { ...jean, groups: ["foo", "bar"] }),
          denied,
        ),
      ],
      refused: [
        refused(
          "a node's name without the group system:nodes",
          () => accessReview(lab.api(withoutGroup), jean),
          "authorization",
          { status: 403, reason: /cannot create resource "subjectaccessreviews"/ },
        ),
      ],
    };
  },
);
