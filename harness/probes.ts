/** "planeproof/probes": one exchange with a server, as data. */
export type { V1DaemonSet, V1Pod, V1SubjectAccessReview } from "@kubernetes/client-node";
export { readApi, readKubelet, readPlain } from "./probe/answers.ts";
export { Api } from "./probe/api.ts";
export { etcdCount, etcdMembers, etcdPeerMembers, etcdPut, etcdValue, etcdVersion } from "./probe/etcd.ts";
export { AFTER_TOKEN_CACHE, eventuallyAccepted, eventuallyRefused, untilShown } from "./probe/eventually.ts";
export { readAsOrdinaryUser } from "./probe/file-access.ts";
export { https, plainHttp, tcp } from "./probe/http.ts";
export { kubeletGet, kubeletRun } from "./probe/kubelet.ts";
export { kubeletExec } from "./probe/kubelet-exec.ts";
export { mergePatch } from "./probe/merge-patch.ts";
export { observation } from "./probe/observation.ts";
export { mapAnswer } from "./probe/outcome.ts";
export { type ContainerName, podAttach, podExec, podLog } from "./probe/pod-streams.ts";
export { accessReview, type Review, type UserInfo, whoAmI } from "./probe/reviews.ts";
export { servedCertificate } from "./probe/served-certificate.ts";
export type { Target } from "./probe/tls.ts";
export { fromHost, fromNode, type Vantage } from "./probe/vantage.ts";
export { until } from "./support/until.ts";
