import type { V1CertificateSigningRequest } from "@kubernetes/client-node";
import { byCertificate, type CertificateIdentity } from "../identity/index.ts";
import { type CertificateRequest, certificateRequest, type Names } from "../pki/index.ts";
import type { Api } from "../probe/api.ts";
import { untilShown } from "../probe/eventually.ts";
import { type Exchange, mapAnswer } from "../probe/outcome.ts";
import type { Lab } from "./lab.ts";

const ISSUED_WITHIN_MS = 15_000;

export interface WantedCertificate extends Names {
  /** For how many seconds; the signer's own time unless given. */
  expirationSeconds?: number;
}

/**
 * A request to the CSR API for a client certificate (`kubernetes.io/kube-apiserver-client`, the signer that never
 * approves by itself), step by step: submit, approve, issued. Removed at the end of the claim.
 */
export class SigningRequest {
  readonly name: string;
  readonly #admin: Api;
  readonly #request: CertificateRequest;
  readonly #expirationSeconds: number | undefined;

  private constructor(name: string, admin: Api, request: CertificateRequest, expirationSeconds?: number) {
    this.name = name;
    this.#admin = admin;
    this.#request = request;
    this.#expirationSeconds = expirationSeconds;
  }

  /** Makes the key and the request; nothing is sent yet. */
  static async make(lab: Lab, { expirationSeconds, ...names }: WantedCertificate): Promise<SigningRequest> {
    const name = lab.unique("planeproof");
    const admin = await lab.admin();
    const { certificates } = admin.clients;
    lab.cleanup(() => certificates.deleteCertificateSigningRequest({ name }).catch(() => {}));
    return new SigningRequest(name, admin, await certificateRequest(names), expirationSeconds);
  }

  /** Asks for the certificate; the administrator does unless somebody else is named. */
  submit(api: Api = this.#admin): Promise<Exchange> {
    const body: V1CertificateSigningRequest = {
      metadata: { name: this.name },
      spec: {
        request: Buffer.from(this.#request.csrPem).toString("base64"),
        signerName: "kubernetes.io/kube-apiserver-client",
        usages: ["client auth", "digital signature"],
        ...(this.#expirationSeconds === undefined ? {} : { expirationSeconds: this.#expirationSeconds }),
      },
    };
    return api.call(({ certificates }) => certificates.createCertificateSigningRequest({ body }));
  }

  /** Approves it, in the name of the one who calls. */
  async approve(api: Api = this.#admin): Promise<Exchange> {
    const { name } = this;
    const request = await this.#admin.clients.certificates.readCertificateSigningRequest({ name });
    const approved = {
      type: "Approved",
      status: "True",
      reason: "Planeproof",
      message: "as a claim wants it",
    };
    const body = { ...request, status: { ...request.status, conditions: [approved] } };
    return api.call(({ certificates }) =>
      certificates.replaceCertificateSigningRequestApproval({ name, body }),
    );
  }

  /** What has been issued by now: the certificate as PEM, or "" where there is none. */
  async issuedByNow(): Promise<Exchange<string>> {
    const { name } = this;
    const exchange = await this.#admin.call(({ certificates }) =>
      certificates.readCertificateSigningRequest({ name }),
    );
    return mapAnswer(exchange, ({ status }) => {
      const data = Buffer.from(status?.certificate ?? "", "base64").toString();
      return { data, summary: data ? "issued" : "not issued" };
    });
  }

  /** As `issuedByNow`, after a wait of up to 15 s: a signer that does not sign is an answer as well. */
  issued(): Promise<Exchange<string>> {
    return untilShown(() => this.issuedByNow(), Boolean, { timeoutMs: ISSUED_WITHIN_MS });
  }

  /** The holder of the issued certificate. Throws where none was issued. */
  async identity(label?: string): Promise<CertificateIdentity> {
    const { outcome } = await this.issued();
    const certPem = outcome.kind === "accepted" ? outcome.data : "";
    if (!certPem) throw new Error(`nothing was issued for the request ${this.name}`);
    return byCertificate({ certPem, keyPem: this.#request.keyPem }, label);
  }
}
