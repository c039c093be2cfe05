/** Certificates: reading them, making them, and making them wrong in one way each. */
export { Authority, certificateRequest, Leaf, type LeafRequest } from "./authority.ts";
export {
  type CertificateDescription,
  describeCertificate,
  firstCertificate,
  type Usage,
} from "./description.ts";
export { publicKeyId } from "./keys.ts";
export { rightTwin, wrong } from "./wrong.ts";
