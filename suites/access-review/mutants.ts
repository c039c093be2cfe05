import { mutant } from "../../harness/index.ts";
import { grant } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "jean-doe-reads-pods",
    does: "lets the user `jean.doe` of the documented example read pods everywhere",
    breaks: [
      "access-review/answers-who-may-ask: a reviewer asks whether jean.doe may get pods",
      "access-review/group-decides",
      "access-review/v1beta1: a reviewer sends the example as v1",
      "access-review/groups-field: a reviewer sends `group`, unknown fields ignored",
      "access-review/kubelet-asks: the kubelet asks whether jean.doe may get pods",
    ],
    live: (lab) =>
      grant(lab, [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }], {
        kind: "User",
        name: "jean.doe",
      }),
  }),
  mutant({
    id: "anybody-asks-for-reviews",
    does: "lets every authenticated user create SubjectAccessReviews",
    breaks: [
      "access-review/answers-who-may-ask: an account without rights asks",
      "access-review/kubelet-asks",
    ],
    live: (lab) =>
      grant(
        lab,
        [{ apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] }],
        { kind: "Group", name: "system:authenticated" },
      ),
  }),
];
