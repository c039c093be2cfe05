import { serviceAccount } from "../../../harness/fixtures.ts";
import {
  claim,
  deniedByAdmission,
  forbidden,
  kubernetes,
  onEach,
  refused,
  works,
} from "../../../harness/index.ts";
import { SIGNER, SigningRequest, signs } from "../signing-request.ts";

const APIS = ["certificates.k8s.io"];
const REQUESTS = "certificatesigningrequests";
const APPROVAL = `${REQUESTS}/approval`;

const issued = { shows: "a certificate", where: (pem: string) => pem !== "" };

claim(
  "csr-signing/approval-needed",
  {
    says: "A CSR is signed only after someone with `approve` on its signer approved it",
    documented: kubernetes(
      "Certificate Signing Requests, Authorization",
      "reference/access-authn-authz/certificate-signing-requests/#authorization",
    ),
    touches: "own-objects",
    preconditions: [signs],
  },
  async (lab) => {
    // RBAC decides on the subresource, the admission plugin CertificateApproval on the signer.
    const mayUpdate = { apiGroups: APIS, resources: [APPROVAL], verbs: ["update"] };
    const mayApprove = {
      apiGroups: APIS,
      resources: ["signers"],
      resourceNames: [SIGNER],
      verbs: ["approve"],
    };
    const [submitter, approverOfNoSigner, approver] = await Promise.all([
      serviceAccount(lab, { may: [{ apiGroups: APIS, resources: [REQUESTS], verbs: ["create", "get"] }] }),
      serviceAccount(lab, { may: [mayUpdate] }),
      serviceAccount(lab, { may: [mayApprove, mayUpdate] }),
    ]);
    return onEach(lab.apiServers, async (apiServer) => {
      const [waiting, later] = await Promise.all([
        SigningRequest.make(lab, apiServer, { cn: lab.unique("jean.doe") }),
        SigningRequest.make(lab, apiServer, { cn: lab.unique("jean.doe") }),
      ]);
      return {
        works: [works("an account submits a CSR", () => waiting.submit(submitter.identity))],
        refused: [
          refused(
            "its submitter approves it",
            () => waiting.approve(submitter.identity),
            forbidden("update", APPROVAL, { user: submitter.user }),
          ),
          refused(
            "an account without `approve` on the signer approves it",
            () => waiting.approve(approverOfNoSigner.identity),
            deniedByAdmission(/user not permitted to approve requests with signerName/),
          ),
        ],
        afterwards: {
          what: "the administrator submitted and approved a later CSR",
          change: async () => {
            await later.submit();
            await later.approve();
          },
          // The controller signs in the order of arrival: once the later one is signed, the first had its chance.
          works: [
            works("the controller manager signs the later CSR", () => later.issued(), issued),
            works("the administrator reads the first CSR", () => waiting.issuedByNow(), {
              shows: "no certificate",
              where: (pem) => pem === "",
            }),
          ],
          afterwards: {
            what: "an account with `approve` on the signer approved the first CSR",
            change: () => waiting.approve(approver.identity),
            works: [works("the controller manager signs the first CSR", () => waiting.issued(), issued)],
          },
        },
      };
    });
  },
);

claim(
  "csr-signing/masters-refused",
  {
    says: "The API server refuses a CSR for a client certificate in the group system:masters, even the administrator's",
    documented: kubernetes(
      "Admission Control, CertificateSubjectRestriction",
      "reference/access-authn-authz/admission-controllers/#certificatesubjectrestriction",
    ),
    touches: "own-objects",
  },
  async (lab) =>
    onEach(lab.apiServers, (apiServer) => {
      const cn = lab.unique("jean.doe");
      const submit = (organizations: string[]) => async () =>
        (await SigningRequest.make(lab, apiServer, { cn, organizations })).submit();
      const notAllowed = deniedByAdmission(
        /use of kubernetes\.io\/kube-apiserver-client signer with system:masters group is not allowed/,
      );
      return {
        works: [works("the administrator submits a CSR for another group", submit([lab.unique("foo")]))],
        refused: [
          refused(
            "the administrator submits a CSR for system:masters",
            submit(["system:masters"]),
            notAllowed,
          ),
          refused(
            "the administrator submits a CSR for system:masters and another group",
            submit(["foo", "system:masters"]),
            notAllowed,
          ),
        ],
      };
    }),
);
