import { mutant } from "../../harness/index.ts";
import { grant } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "jean-doe-reads-pods",
    does: "lets the user `jean.doe` of the documented example read pods everywhere",
    breaks: [
      "access-review/answers-who-may-ask",
      "access-review/group-decides",
      "access-review/v1beta1",
      "access-review/groups-field",
      "access-review/kubelet-asks",
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
    breaks: ["access-review/answers-who-may-ask", "access-review/kubelet-asks"],
    live: (lab) =>
      grant(
        lab,
        [{ apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] }],
        { kind: "Group", name: "system:authenticated" },
      ),
  }),
];
