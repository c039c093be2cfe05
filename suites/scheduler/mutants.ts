import { mutant } from "../../harness/index.ts";
import { EVERYTHING, grant, replaceByAdminConf } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "admin-in-scheduler-conf",
    does: "replaces scheduler.conf by admin.conf",
    breaks: [
      "scheduler/certificate-name",
      "scheduler/no-more-than-it-needs",
      "api-clients/subject-is-identity",
    ],
    live: ({ node }) => replaceByAdminConf(node, "scheduler.conf"),
  }),
  mutant({
    id: "scheduler-is-admin",
    does: "binds `system:kube-scheduler` to every right",
    breaks: ["scheduler/no-more-than-it-needs"],
    live: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "system:kube-scheduler" }),
  }),
];
