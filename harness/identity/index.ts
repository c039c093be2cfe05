/** Who asks. */
export { claimsOf, forge } from "./forge.ts";
export { byCertificate, byToken, type CertificateAndKey, Identity, nobody } from "./identity.ts";
export { fromKubeconfig } from "./kubeconfig.ts";
