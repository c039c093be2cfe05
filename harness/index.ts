/** "planeproof": what a channel, its claims and its mutants are stated with. */
export { claim } from "./claim/claim.ts";
export { alerts, type Control, type Controls, refused, works } from "./claim/control.ts";
export { etcd, kubernetes, slide } from "./claim/documented.ts";
export type { KnownExposure } from "./claim/exposure.ts";
export { type BootOptions, boot } from "./cluster/boot.ts";
export { Cluster } from "./cluster/cluster.ts";
export { offers } from "./cluster/precondition.ts";
export { KubernetesVersion } from "./config/version.ts";
export { Lab } from "./lab/lab.ts";
export { type Mutant, mutant } from "./mutant/mutant.ts";
export type { Exchange, Outcome } from "./probe/outcome.ts";
export { type Channel, channel } from "./results/channel.ts";
export { type Report, reportSchema } from "./results/schema.ts";
