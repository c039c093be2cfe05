import { EVERYTHING, grant } from "./hands.ts";
import type { LiveMutant } from "./mutant.ts";

/** Sabotages of a running cluster. Those by kubeadm patches are in clusters/mutants/. */
export const liveMutants: LiveMutant[] = [
  {
    id: "anonymous-is-admin",
    does: "binds system:anonymous to every right",
    breaks: ["general/anonymous-refused"],
    apply: (lab) => grant(lab, EVERYTHING, { kind: "User", name: "system:anonymous" }),
  },
];
