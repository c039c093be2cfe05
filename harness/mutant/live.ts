import { apiClientMutants } from "./live/api-clients.ts";
import { kubeletMutants } from "./live/kubelet.ts";
import { portMutants } from "./live/ports.ts";
import { requestMutants } from "./live/requests.ts";
import { tokenMutants } from "./live/tokens.ts";
import type { LiveMutant } from "./mutant.ts";
import { EVERYTHING, grant } from "./sabotage.ts";

/** Sabotages of a running cluster. Those by kubeadm patches are in clusters/mutants/. */
export const liveMutants: LiveMutant[] = [
  {
    id: "anonymous-is-admin",
    does: "binds system:anonymous to every right",
    breaks: ["general/anonymous-refused", "general/anonymous-reads-health-alone", "general/mutual-tls"],
    apply: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "system:anonymous" }),
  },
  ...apiClientMutants,
  ...kubeletMutants,
  ...portMutants,
  ...requestMutants,
  ...tokenMutants,
];
