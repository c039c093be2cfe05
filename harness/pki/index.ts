/** Certificates: reading them, making them, and making them wrong in one way each. */
export { Authority, certificateRequest, type Names } from "./authority.ts";
export { isSignedBy } from "./chain.ts";
export { type CertificateDescription, describeCertificate, type Usage } from "./description.ts";
export { publicKeyId, publicKeysIn } from "./keys.ts";
export { CertificateWithKey, type Leaf } from "./leaf.ts";
export { certificatesIn, privateKeyIn } from "./pem.ts";
export { rightTwin, wrong } from "./wrong.ts";
