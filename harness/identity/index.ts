/** Who asks: a certificate, a token, nobody; and tokens that are forged. */
export { claimsOf, forge, headerOf } from "./forge.ts";
export {
  byCertificate,
  byToken,
  CertificateIdentity,
  Identity,
  nobody,
  TokenIdentity,
} from "./identity.ts";
export { fromKubeconfig, type KubeconfigContent, serverIn } from "./kubeconfig.ts";
export { rightTwin, wrong } from "./wrong.ts";
