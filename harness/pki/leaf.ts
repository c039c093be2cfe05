import { registerPrivateKey } from "./register-key.ts";

/** Holds a private key where neither JSON.stringify nor util.inspect looks: only `keyPem` gives it. */
class KeyHolder {
  readonly #keyPem: string;

  constructor(keyPem: string) {
    registerPrivateKey(keyPem);
    this.#keyPem = keyPem;
  }

  /** The private key, as PEM. */
  get keyPem(): string {
    return this.#keyPem;
  }
}

/** A certificate (or a chain, leaf first) with its key. */
export class CertificateWithKey extends KeyHolder {
  readonly certPem: string;

  constructor(certPem: string, keyPem: string) {
    super(keyPem);
    this.certPem = certPem;
  }
}

/** A certificate that one of our authorities signed. */
export class Leaf extends CertificateWithKey {
  /** The certificate of the authority that signed, as PEM. */
  readonly ca: string;

  constructor(certPem: string, keyPem: string, ca: string) {
    super(certPem, keyPem);
    this.ca = ca;
  }
}

/** A PKCS#10 request with its key. */
export class CertificateRequest extends KeyHolder {
  readonly csrPem: string;

  constructor(csrPem: string, keyPem: string) {
    super(keyPem);
    this.csrPem = csrPem;
  }
}
