import { byCertificate, type Identity } from "../../harness/credentials.ts";
import { allow, serviceAccount } from "../../harness/fixtures.ts";
import {
  type ApiServer,
  claim,
  forbidden,
  invalid,
  invariant,
  kubernetes,
  type Lab,
  onEach,
  refused,
  slide,
  works,
} from "../../harness/index.ts";
import { mapAnswer, type Review, type V1SubjectAccessReview } from "../../harness/probes.ts";

const EXAMPLE = "Subject Access Review";
const REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** The question of the documented example: may somebody get pods in kube-system? */
const gettingPods = { resourceAttributes: { namespace: "kube-system", resource: "pods", verb: "get" } };
const jean = { user: "jean.doe", ...gettingPods };

const denied = { shows: "not allowed", where: ({ allowed }: Review) => !allowed };

/** A service account that may create SubjectAccessReviews, and nothing else. */
const reviewer = async (lab: Lab) => {
  const may = [
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  ];
  return (await serviceAccount(lab, { may })).identity;
};

/** Lets a made-up group read pods, by a binding that is in force; returns the names of both. */
async function groupThatReadsPods(lab: Lab): Promise<{ group: string; binding: string }> {
  const group = lab.unique("foo");
  const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }];
  return { group, binding: await allow(lab, rules, { kind: "Group", name: group }) };
}

/** Posts a review word by word, so that its version and fields are ours to choose. */
async function post(apiServer: ApiServer, as: Identity, path: string, apiVersion: string, spec: object) {
  const body = { apiVersion, kind: "SubjectAccessReview", spec };
  const exchange = await apiServer.request<V1SubjectAccessReview>(as, { method: "POST", path, body });
  return mapAnswer(exchange, ({ status }) => {
    const { allowed = false, reason = "" } = status ?? {};
    return { data: { allowed, reason }, summary: allowed ? `allowed: ${reason}` : "not allowed" };
  });
}

claim(
  "access-review/answers-who-may-ask",
  {
    says: "The API server answers an access review with allow or deny, and takes `create` on subjectaccessreviews for it",
    documented: slide("Webhooks"),
    touches: "own-objects",
  },
  async (lab) => {
    const [asker, stranger] = await Promise.all([reviewer(lab), serviceAccount(lab)]);
    const masters = { ...gettingPods, groups: ["system:masters"] };
    return onEach(lab.apiServers, (apiServer) => ({
      works: [
        works(
          "a reviewer asks whether jean.doe may get pods",
          () => apiServer.accessReview(asker, jean),
          denied,
        ),
        works("a reviewer asks whether system:masters may", () => apiServer.accessReview(asker, masters), {
          shows: "allowed",
          where: ({ allowed }) => allowed,
        }),
      ],
      refused: [
        refused(
          "an account without rights asks",
          () => apiServer.accessReview(stranger.identity, jean),
          forbidden("create", "subjectaccessreviews"),
        ),
        invariant(
          refused(
            "a reviewer names neither user nor group",
            () => apiServer.accessReview(asker, gettingPods),
            invalid(422, /at least one of user or group must be specified/),
          ),
          "the API validates a review, whoever asks and whatever is configured",
        ),
      ],
    }));
  },
);

claim(
  "access-review/group-decides",
  {
    says: "An access review names the binding of the user's group that allows; the request itself gets the same answer",
    documented: slide("Webhooks"),
    touches: "own-objects",
  },
  async (lab) => {
    const [asker, { group, binding }] = await Promise.all([reviewer(lab), groupThatReadsPods(lab)]);
    const ca = await lab.credentials.authority("ca");
    const bearer = async (...organizations: string[]) =>
      byCertificate(await ca.issue({ cn: jean.user, organizations, usages: ["client"] }));
    const [member, outsider] = await Promise.all([bearer(group), bearer()]);
    return onEach(lab.apiServers, (apiServer) => {
      const review = (groups: string[]) => () => apiServer.accessReview(asker, { ...jean, groups });
      const listPods = (as: Identity) => () =>
        apiServer.call(as, ({ core }) => core.listNamespacedPod({ namespace: "kube-system", limit: 1 }));
      return {
        works: [
          works("a reviewer asks about jean.doe in the group", review([group, "bar"]), {
            shows: `allowed, by the binding ${binding} of the group ${group}`,
            where: ({ allowed, reason }) => allowed && reason.includes(binding) && reason.includes(group),
          }),
          works("jean.doe in the group lists pods", listPods(member)),
          works("a reviewer asks about jean.doe in other groups", review(["foo", "bar"]), denied),
        ],
        refused: [
          refused(
            "jean.doe without the group lists pods",
            listPods(outsider),
            forbidden("list", "pods", { user: jean.user }),
          ),
        ],
      };
    });
  },
);

claim(
  "access-review/v1beta1",
  {
    says: "A SubjectAccessReview is sent as authorization.k8s.io/v1beta1",
    documented: slide(EXAMPLE),
    outdated: { since: "1.22", now: "authorization.k8s.io/v1 answers, and v1beta1 is no longer served" },
    touches: "own-objects",
  },
  async (lab) => {
    const asker = await reviewer(lab);
    const spec = { ...jean, groups: ["foo", "bar"] };
    return onEach(lab.apiServers, (apiServer) => {
      const postAs = (version: string) => () =>
        post(apiServer, asker, REVIEWS.replace("v1", version), `authorization.k8s.io/${version}`, spec);
      return {
        works: [works("a reviewer sends the example as v1", postAs("v1"), denied)],
        refused: [
          invariant(
            refused(
              "a reviewer sends the example as v1beta1",
              postAs("v1beta1"),
              invalid(404, /could not find the requested resource/),
            ),
            "no API server from 1.22 on has v1beta1, and no argument brings it back",
          ),
        ],
      };
    });
  },
);

claim(
  "access-review/groups-field",
  {
    says: "The groups of a review's subject are given in its field `group`",
    documented: slide(EXAMPLE),
    outdated: {
      since: "1.22",
      now: "v1 reads `groups`; the field `group` is dropped, or refused where validation is strict",
    },
    touches: "own-objects",
  },
  async (lab) => {
    const [asker, { group, binding }] = await Promise.all([reviewer(lab), groupThatReadsPods(lab)]);
    return onEach(lab.apiServers, (apiServer) => {
      const send = (groups: object, validation: "Strict" | "Ignore") => () => {
        const path = `${REVIEWS}?fieldValidation=${validation}`;
        return post(apiServer, asker, path, "authorization.k8s.io/v1", { ...jean, ...groups });
      };
      return {
        works: [
          works("a reviewer sends `groups`", send({ groups: [group] }, "Strict"), {
            shows: `allowed, by the binding ${binding}`,
            where: ({ allowed, reason }) => allowed && reason.includes(binding),
          }),
          works(
            "a reviewer sends `group`, unknown fields ignored",
            send({ group: [group] }, "Ignore"),
            denied,
          ),
        ],
        refused: [
          invariant(
            refused(
              "a reviewer sends `group`, validated strictly",
              send({ group: [group] }, "Strict"),
              invalid(400, /strict decoding error: unknown field "spec\.group"/),
            ),
            "the API decodes by the fields of its own types",
          ),
        ],
      };
    });
  },
);

claim(
  "access-review/kubelet-asks",
  {
    says: "A kubelet asks for access reviews with its own certificate; its right to ask comes from the group system:nodes",
    documented: kubernetes(
      "Kubelet authorization",
      "reference/access-authn-authz/kubelet-authn-authz/#kubelet-authorization",
    ),
    touches: "nothing",
  },
  async (lab) => {
    const ca = await lab.credentials.authority("ca");
    const name = lab.unique("system:node:stray");
    const withoutGroup = byCertificate(await ca.issue({ cn: name, usages: ["client"] }));
    const question = { ...jean, groups: ["foo", "bar"] };
    const apiServer = lab.apiServerOn(lab.node);
    return onEach(lab.kubelets, async (kubelet) => {
      const identity = await kubelet.identity();
      return {
        works: [
          works(
            "the kubelet asks whether jean.doe may get pods",
            () => apiServer.accessReview(identity, question),
            denied,
          ),
        ],
        refused: [
          refused(
            "a node's name without the group system:nodes asks",
            () => apiServer.accessReview(withoutGroup, jean),
            forbidden("create", "subjectaccessreviews"),
          ),
        ],
      };
    });
  },
);
