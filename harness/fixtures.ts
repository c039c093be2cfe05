/** "planeproof/fixtures": objects that a claim makes on the cluster, and that are gone at its end. */
export { type Act, type Acts, asksWebhooks, electsLeader, watchActs } from "./lab/acts.ts";
export { containerOf, createSecret, idlePod, type MadePod } from "./lab/idle-pod.ts";
export { kubeProxyDaemonSet, packetRulesFor, runsKubeProxy, serviceFor } from "./lab/kube-proxy.ts";
export { type PhantomNode, phantomNode } from "./lab/node-identity.ts";
export { imagesAtHand, podManifest, podOnEachNode, runningPod, startsPods } from "./lab/pod.ts";
export { type RogueKubelet, rogueKubelet, servingAuthority } from "./lab/rogue-kubelet.ts";
export {
  allow,
  type MadeServiceAccount,
  type Rights,
  type Subject,
  serviceAccount,
  withdraw,
} from "./lab/service-account.ts";
export { issuedToken, tokenRequest } from "./lab/token.ts";
