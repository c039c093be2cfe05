/** "planeproof": what a channel, its claims and its mutants are stated with. */
export { claim } from "./claim/claim.ts";
export { actsAs, cannotRenew, certificateNamesUser, renewsLeaseAs } from "./claim/component-identity.ts";
export {
  type Afterwards,
  type Control,
  type Controls,
  invariant,
  limit,
  observed,
  refused,
  works,
} from "./claim/control.ts";
export { etcd, kubernetes, slide } from "./claim/documented.ts";
export { onEach, together } from "./claim/on-each.ts";
export { trustsOnly } from "./claim/trusts-only.ts";
export { certificatesOfOtherCas, wrongCertificates } from "./claim/wrong-certificates.ts";
export { type BootOptions, boot } from "./cluster/boot.ts";
export { Cluster } from "./cluster/cluster.ts";
export { KubernetesVersion } from "./config/version.ts";
export type { ApiClient, Controller } from "./lab/api-client.ts";
export type { ApiServer } from "./lab/api-server.ts";
export { type ControllerManager, signsFor } from "./lab/controller-manager.ts";
export type { EtcdMember } from "./lab/etcd-member.ts";
export type { Kubelet } from "./lab/kubelet.ts";
export { Lab } from "./lab/lab.ts";
export { admitsAnonymous, apiServersGiven, offers, type Precondition } from "./lab/precondition.ts";
export { type Mutant, mutant } from "./mutant/mutant.ts";
export type { Exchange, Outcome } from "./probe/outcome.ts";
export {
  connectionRefused,
  deniedByAdmission,
  forbidden,
  forbiddenByKubelet,
  invalid,
  permissionDenied,
  plaintextRefused,
  type Refusal,
  serverNotTrusted,
  tlsAlert,
  unauthorized,
} from "./probe/refusals.ts";
export { type Channel, channel } from "./results/channel.ts";
export { type Report, reportSchema } from "./results/schema.ts";
