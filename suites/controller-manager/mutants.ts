import { type Lab, mutant } from "../../harness/index.ts";
import { until } from "../../harness/probes.ts";
import {
  EVERYTHING,
  editManifest,
  grant,
  replaceByAdminConf,
  runAsAdmin,
  type Undo,
} from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "admin-in-controller-manager-conf",
    does: "replaces controller-manager.conf by admin.conf: the controller manager can bind pods, too",
    breaks: [
      "controller-manager/certificate-name: the subject of its certificate",
      "controller-manager/controllers-are-service-accounts",
      "controller-manager/no-more-than-it-needs",
      "scheduler/binds-pods: the controller manager binds the pod",
      "api-clients/subject-is-identity: the holder of controller-manager.conf calls",
    ],
    live: ({ node }) => replaceByAdminConf(node, "controller-manager.conf"),
  }),
  mutant({
    id: "controller-manager-runs-as-admin",
    does: "starts the controller manager with admin.conf mounted at the path of controller-manager.conf",
    breaks: [
      "controller-manager/acts-as-itself: the controller manager renews its Lease",
      "controller-manager/certificate-name: the subject of its certificate",
      "controller-manager/controllers-are-service-accounts",
      "controller-manager/no-more-than-it-needs",
    ],
    live: (lab) => runAsAdmin(lab, "kube-controller-manager"),
  }),
  mutant({
    id: "controllers-under-one-name",
    does: "sets `--use-service-account-credentials=false`, and binds `system:kube-controller-manager` to every right",
    breaks: [
      "controller-manager/controllers-are-service-accounts",
      "controller-manager/no-more-than-it-needs",
    ],
    live: oneNameForControllers,
  }),
];

/** The new controller manager works only after it has won the leader's Lease: its predecessor does not give it up. */
async function oneNameForControllers(lab: Lab): Promise<Undo> {
  const { coordination } = (await lab.admin()).clients;
  const leader = async () =>
    (await coordination.readNamespacedLease({ name: "kube-controller-manager", namespace: "kube-system" }))
      .spec?.holderIdentity;
  const anotherThan = (old: string | undefined) =>
    until("another leading controller manager", async () => (await leader()) !== old, { timeoutMs: 90_000 });
  const first = await leader();
  const undoGrant = await grant(lab, EVERYTHING, { kind: "User", name: "system:kube-controller-manager" });
  const undoManifest = await editManifest(lab, "kube-controller-manager", (manifest) =>
    manifest.replace("--use-service-account-credentials=true", "--use-service-account-credentials=false"),
  );
  await anotherThan(first);
  return async () => {
    const second = await leader();
    await undoManifest();
    await anotherThan(second);
    await undoGrant();
  };
}
