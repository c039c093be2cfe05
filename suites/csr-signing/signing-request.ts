import {
  byCertificate,
  type CertificateIdentity,
  certificateRequest,
  type Identity,
} from "../../harness/credentials.ts";
import { type ApiServer, type Exchange, type Lab, signsFor } from "../../harness/index.ts";
import { mapAnswer, type UserInfo, untilShown } from "../../harness/probes.ts";

/** The signer of client certificates whose CSRs nothing approves automatically. */
export const SIGNER_NAME = "kube-apiserver-client";
export const SIGNER = `kubernetes.io/${SIGNER_NAME}`;

/** A config may give files to other signers, and none to this one: then nothing is signed by it. */
export const signs = signsFor(SIGNER_NAME);

const ISSUED_WITHIN_MS = 15_000;

interface WantedCertificate {
  cn: string;
  organizations?: string[];
  /** For how many seconds; the signer's own duration unless given. */
  expirationSeconds?: number;
}

/** A key and the certificate request for it. */
type Request = Awaited<ReturnType<typeof certificateRequest>>;

/**
 * A CSR for a client certificate at one API server, step by step: submit, approve, issued. Each step is the
 * administrator's unless somebody else is named. Removed at the end of the claim.
 */
export class SigningRequest {
  readonly #name: string;
  readonly #apiServer: ApiServer;
  readonly #administrator: Identity;
  readonly #request: Request;
  readonly #lifetime: { expirationSeconds?: number };

  private constructor(
    name: string,
    [apiServer, administrator]: [ApiServer, Identity],
    [request, lifetime]: [Request, { expirationSeconds?: number }],
  ) {
    this.#name = name;
    this.#apiServer = apiServer;
    this.#administrator = administrator;
    this.#request = request;
    this.#lifetime = lifetime;
  }

  /** Makes the key and the request; nothing is sent yet. */
  static async make(lab: Lab, at: ApiServer, wanted: WantedCertificate): Promise<SigningRequest> {
    const { expirationSeconds, ...names } = wanted;
    const name = lab.unique("planeproof");
    const { certificates } = (await lab.admin()).clients;
    lab.cleanup(`CSR ${name}`, () => certificates.deleteCertificateSigningRequest({ name }));
    const lifetime = expirationSeconds === undefined ? {} : { expirationSeconds };
    const request = await certificateRequest(names);
    return new SigningRequest(name, [at, await lab.administrator()], [request, lifetime]);
  }

  /** Creates the CSR. */
  submit(as: Identity = this.#administrator): Promise<Exchange> {
    const body = {
      metadata: { name: this.#name },
      spec: {
        request: Buffer.from(this.#request.csrPem).toString("base64"),
        signerName: SIGNER,
        usages: ["client auth", "digital signature"],
        ...this.#lifetime,
      },
    };
    return this.#apiServer.call(as, ({ certificates }) =>
      certificates.createCertificateSigningRequest({ body }),
    );
  }

  /** Approves it. The administrator reads it first: who may approve need not be allowed to read. */
  async approve(as: Identity = this.#administrator): Promise<Exchange> {
    const name = this.#name;
    const { certificates } = (await this.#apiServer.api(this.#administrator)).clients;
    const request = await certificates.readCertificateSigningRequest({ name });
    const approved = {
      type: "Approved",
      status: "True",
      reason: "Planeproof",
      message: "as a claim wants it",
    };
    const body = { ...request, status: { ...request.status, conditions: [approved] } };
    return this.#apiServer.call(as, ({ certificates }) =>
      certificates.replaceCertificateSigningRequestApproval({ name, body }),
    );
  }

  /** What has been issued by now: the certificate as PEM, or "" where there is none. */
  async issuedByNow(): Promise<Exchange<string>> {
    const exchange = await this.#apiServer.call(this.#administrator, ({ certificates }) =>
      certificates.readCertificateSigningRequest({ name: this.#name }),
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
  async identity(): Promise<CertificateIdentity> {
    const { outcome } = await this.issued();
    const certPem = outcome.kind === "accepted" ? outcome.data : "";
    if (!certPem) throw new Error(`nothing was issued for the CSR ${this.#name}`);
    return byCertificate({ certPem, keyPem: this.#request.keyPem });
  }
}

/** A CSR for a made-up user in a made-up group, submitted to an API server and approved by the administrator. */
export async function approvedRequest(
  lab: Lab,
  apiServer: ApiServer,
  lifetime: { expirationSeconds?: number } = {},
) {
  const subject = { cn: lab.unique("jean.doe"), organizations: [lab.unique("foo")] };
  const request = await SigningRequest.make(lab, apiServer, { ...subject, ...lifetime });
  await request.submit();
  await request.approve();
  const itsSubject = {
    shows: `the user ${subject.cn} in the group ${subject.organizations}`,
    where: ({ username, groups }: UserInfo) =>
      username === subject.cn && subject.organizations.every((group) => groups.includes(group)),
  };
  return { subject, request, itsSubject };
}
