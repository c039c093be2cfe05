/** Who asks: a certificate, a token, nobody; and tokens that are forged. */
export { claimsOf, forge, headerOf } from "./forge.ts";
export { byCertificate, byToken, Identity, nobody } from "./identity.ts";
export { fromKubeconfig, type KubeconfigContent, kubeconfigIn } from "./kubeconfig.ts";
