/** "planeproof/credentials": certificates and tokens, the right ones and those that are wrong in one way. */
export * from "./identity/index.ts";
export { nodeIdentity } from "./lab/node-identity.ts";
export { trustBundle } from "./lab/trust-bundle.ts";
export {
  Authority,
  type CertificateDescription,
  certificateRequest,
  certificatesIn,
  describeCertificate,
  isSignedBy,
  type Leaf,
  publicKeyId,
} from "./pki/index.ts";
