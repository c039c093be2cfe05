import { mutant } from "../../harness/index.ts";
import { EVERYTHING, grant, replaceByAdminConf, runAsAdmin } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "admin-in-scheduler-conf",
    does: "replaces scheduler.conf by admin.conf",
    breaks: [
      "scheduler/certificate-name: the subject of its certificate",
      "scheduler/no-more-than-it-needs",
      "api-clients/subject-is-identity: the holder of scheduler.conf calls",
    ],
    live: ({ node }) => replaceByAdminConf(node, "scheduler.conf"),
  }),
  mutant({
    id: "scheduler-runs-as-admin",
    does: "starts the scheduler with admin.conf mounted at the path of scheduler.conf",
    breaks: [
      "scheduler/acts-as-itself: the scheduler renews its Lease",
      "scheduler/certificate-name: the subject of its certificate",
      "scheduler/no-more-than-it-needs",
    ],
    live: (lab) => runAsAdmin(lab, "kube-scheduler"),
  }),
  mutant({
    id: "everyone-renews-leases",
    does: "lets every authenticated user update Leases",
    breaks: [
      "scheduler/acts-as-itself",
      "controller-manager/acts-as-itself",
      "kubelet-identity/acts-as-its-node",
    ],
    live: (lab) =>
      grant(lab, [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["update"] }], {
        kind: "Group",
        name: "system:authenticated",
      }),
  }),
  mutant({
    id: "scheduler-is-admin",
    does: "binds `system:kube-scheduler` to every right",
    breaks: ["scheduler/no-more-than-it-needs"],
    live: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "system:kube-scheduler" }),
  }),
];
