import { PlaneproofError } from "../support/errors.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END ([A-Z]+ )?PRIVATE KEY-----/;

/** The certificates of a PEM text, without what stands around them: kubelet-client-current.pem holds the key too. */
export function certificatesIn(pem: string): string {
  const found = pem.match(CERTIFICATE);
  if (!found) throw nothing("CERTIFICATE");
  return `${found.join("\n")}\n`;
}

/** The first certificate of a PEM text: the leaf, where it is a chain. */
export function firstCertificateIn(pem: string): string {
  return certificatesIn(pem).match(CERTIFICATE)?.[0] ?? "";
}

/** The private key of a PEM text, in whichever form it is (PKCS#1, SEC1 or PKCS#8). */
export function privateKeyIn(pem: string): string {
  const found = PRIVATE_KEY.exec(pem)?.[0];
  if (!found) throw nothing("PRIVATE KEY");
  return `${found}\n`;
}

/** Does not show the text: it may be half a key. */
function nothing(block: string): PlaneproofError {
  return new PlaneproofError(`This PEM text holds no ${block.toLowerCase()}`, {
    expected: `a block -----BEGIN ${block}-----`,
    found: "no such block",
  });
}
