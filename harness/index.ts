/** The only door of the harness: for suites, for clusters/, and for users of the library. */

export type { V1DaemonSet, V1Pod, V1SubjectAccessReview } from "@kubernetes/client-node";
export { claim } from "./claim/claim.ts";
export { alerts, type Control, type Controls, refused, works } from "./claim/control.ts";
export { deck, kubernetes } from "./claim/documented.ts";
export type { KnownExposure } from "./claim/exposure.ts";
export { type BootOptions, boot } from "./cluster/boot.ts";
export { Cluster } from "./cluster/cluster.ts";
export {
  apiServerEndpoint,
  argumentOf,
  type Endpoint,
  endpointOf,
  homeOf,
  securePort,
} from "./cluster/endpoints.ts";
export { KubernetesVersion } from "./cluster/version.ts";
export * from "./identity/index.ts";
export { actingUser } from "./lab/acting-user.ts";
export { anonymousRequests } from "./lab/anonymous.ts";
export { apartFromApiServer } from "./lab/apart.ts";
export { idlePod, madeSecret } from "./lab/bound-pod.ts";
export { type ApiClient, kubeconfigOf } from "./lab/component.ts";
export { attributedByLog } from "./lab/etcd-log.ts";
export { kubeProxyDaemonSet, packetRulesFor, runsKubeProxy, serviceFor } from "./lab/kube-proxy.ts";
export { kubeletTrust } from "./lab/kubelet-trust.ts";
export { Lab } from "./lab/lab.ts";
export { nearestTo } from "./lab/nearest-vantage.ts";
export { nodeIdentity, type PhantomNode, phantomNode } from "./lab/node-identity.ts";
export { podOf, runningPod } from "./lab/pod.ts";
export { type RogueKubelet, rogueKubelet } from "./lab/rogue-kubelet.ts";
export { allow, serviceAccount } from "./lab/service-account.ts";
export { SigningRequest } from "./lab/signing-request.ts";
export {
  bearerOf,
  legacyToken,
  podWithToken,
  tokenKeys,
  tokenRequest,
} from "./lab/token.ts";
export { type Capture, canCapture, capture } from "./node/capture.ts";
export { type CensusEntry, census } from "./node/census.ts";
export { connectionsOf, cutConnection } from "./node/cut.ts";
export { fileModes, readFile, writeFile } from "./node/files.ts";
export { connections, type Listener, listeners } from "./node/listeners.ts";
export { Node } from "./node/node.ts";
export { flag, flags, type Process, processes, processOf } from "./node/processes.ts";
export * from "./pki/index.ts";
export { Api } from "./probe/api.ts";
export { etcdCount, etcdMembers, etcdPeerMembers, etcdPut, etcdValue } from "./probe/etcd.ts";
export { readAsOrdinaryUser } from "./probe/file-access.ts";
export { https, plainHttp, tcp } from "./probe/http.ts";
export { kubeletGet, kubeletRun } from "./probe/kubelet.ts";
export { kubeletExec } from "./probe/kubelet-exec.ts";
export { look } from "./probe/look.ts";
export { mergePatch } from "./probe/merge.ts";
export type { Exchange, Outcome } from "./probe/outcome.ts";
export { apiReading, kubeletReading, plainReading } from "./probe/reading.ts";
export { certificateShown } from "./probe/shown.ts";
export { soonAccepted, soonRefused } from "./probe/soon.ts";
export { type ContainerName, podAttach, podExec, podLog } from "./probe/streams.ts";
export type { Target } from "./probe/tls.ts";
export type { Vantage } from "./probe/vantage.ts";
export { accessReview, type Review, type Who, whoAmI } from "./probe/who.ts";
export { type Report, reportSchema } from "./report/schema.ts";
export type { Mutant } from "./sabotage/mutant.ts";
export { until } from "./until.ts";
