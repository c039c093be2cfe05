import {
  byCertificate,
  type CertificateDescription,
  describeCertificate,
  isSignedBy,
  wrong,
} from "../../harness/credentials.ts";
import { SigningRequest, serviceAccount } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { argumentOf } from "../../harness/nodes.ts";
import { type UserInfo, whoAmI } from "../../harness/probes.ts";

const REQUESTS = "certificatesigningrequests";
const SIGNERS = "Kubernetes signers";
const unauthorized = { status: 401, reason: /^Unauthorized$/ };
const signersPage = "reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers";

/** A request for a made-up user with a made-up group, submitted and approved by the administrator. */
async function approvedRequest(lab: Lab, expirationSeconds?: number) {
  const subject = { cn: lab.unique("jean.doe"), organizations: [lab.unique("foo")] };
  const lifetime = expirationSeconds === undefined ? {} : { expirationSeconds };
  const request = await SigningRequest.make(lab, { ...subject, ...lifetime });
  await request.submit();
  await request.approve();
  return { ...subject, request };
}

claim(
  "csr-signing/approved-is-issued",
  {
    says: "The controller manager signs an approved request with the cluster's CA, and the API server takes the bearer for its subject",
    documented: slide("Controller manager"),
  },
  async (lab) => {
    const clusterCa = await lab.credentials.authority("ca");
    const { request, cn, organizations } = await approvedRequest(lab);
    const issuer = describeCertificate(clusterCa.certPem).subject.cn;
    const twin = { cn, organizations, usages: ["client" as const] };
    const genuine = (await clusterCa.issue(twin)).certPem;
    const rogue = byCertificate(await wrong.rogueCa(genuine, clusterCa), "the same subject, by a rogue CA");
    return {
      works: [
        works<string>("what is issued", () => request.issued(), {
          shows: `a certificate for CN=${cn}, signed by CN=${issuer}`,
          where: (pem) => isSignedBy(pem, clusterCa.certPem) && describeCertificate(pem).subject.cn === cn,
        }),
        works<UserInfo>("its bearer", async () => whoAmI(lab.api(await request.identity())), {
          shows: "the requested user and group",
          where: ({ username, groups }) => username === cn && organizations.every((o) => groups.includes(o)),
        }),
      ],
      refused: [
        refused(
          "the same subject, signed by another CA",
          () => whoAmI(lab.api(rogue)),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

claim(
  "csr-signing/signing-files",
  {
    says: "What signs is the pair that --cluster-signing-cert-file and --cluster-signing-key-file name, and it is the CA that --client-ca-file trusts",
    documented: slide("Controller manager"),
  },
  async (lab) => {
    const [signing, trusted] = await Promise.all([
      argumentOf(lab.node, "kube-controller-manager", "cluster-signing-cert-file"),
      argumentOf(lab.node, "kube-apiserver", "client-ca-file"),
    ]);
    const read = (path?: string) => (path ? lab.credentials.file(path) : "");
    const [signingPem, trustedPem] = await Promise.all([read(signing), read(trusted)]);
    const { request, cn, organizations } = await approvedRequest(lab);
    const frontProxyCa = await lab.credentials.authority("front-proxy-ca");
    const sibling = await frontProxyCa.issue({ cn, organizations, usages: ["client"] });
    return {
      works: [
        works<string>("what is issued", () => request.issued(), {
          shows: `signed by the key of ${signing || "no file"} and of ${trusted || "no file"}`,
          where: (pem) => isSignedBy(pem, signingPem) && isSignedBy(pem, trustedPem),
        }),
      ],
      refused: [
        refused(
          "the same subject, signed by another of kubeadm's CAs",
          () => whoAmI(lab.api(byCertificate(sibling))),
          "authentication",
          unauthorized,
        ),
      ],
    };
  },
);

claim(
  "csr-signing/approval-needed",
  {
    says: "Nothing is signed before somebody approves it who may approve for that signer",
    documented: kubernetes(
      "Authorization",
      "reference/access-authn-authz/certificate-signing-requests/#authorization",
    ),
  },
  async (lab) => {
    const submitter = await serviceAccount(lab, {
      may: [{ apiGroups: ["certificates.k8s.io"], resources: [REQUESTS], verbs: ["create", "get"] }],
    });
    // The approval subresource is RBAC's matter, the signer the admission plugin CertificateApproval's.
    const approverOfNoSigner = await serviceAccount(lab, {
      may: [{ apiGroups: ["certificates.k8s.io"], resources: [`${REQUESTS}/approval`], verbs: ["update"] }],
    });
    const waiting = await SigningRequest.make(lab, { cn: lab.unique("jean.doe") });
    const submitted = await waiting.submit(lab.api(submitter.identity));
    // The controller signs in the order of arrival: once this later one is issued, the first had its chance.
    const later = await approvedRequest(lab);
    return {
      works: [
        works("the submission", async () => submitted),
        works<string>("a later request, approved by the administrator", () => later.request.issued(), {
          shows: "issued",
          where: (pem) => pem !== "",
        }),
        works<string>("the request that nobody approved", () => waiting.issuedByNow(), {
          shows: "no certificate",
          where: (pem) => pem === "",
        }),
      ],
      refused: [
        refused(
          "its submitter approves it",
          () => waiting.approve(lab.api(submitter.identity)),
          "authorization",
          { status: 403, reason: /cannot update resource "certificatesigningrequests\/approval"/ },
        ),
        refused(
          "an approver without rights for the signer",
          () => waiting.approve(lab.api(approverOfNoSigner.identity)),
          "admission",
          { status: 403, reason: /user not permitted to approve requests with signerName/ },
        ),
      ],
    };
  },
);

claim(
  "csr-signing/masters-refused",
  {
    says: "Nobody gets a client certificate of the group system:masters by way of a request, not even the administrator",
    documented: kubernetes(SIGNERS, signersPage),
  },
  async (lab) => {
    const cn = lab.unique("jean.doe");
    const requestFor = (organizations: string[]) => async () =>
      (await SigningRequest.make(lab, { cn, organizations })).submit();
    return {
      works: [works("for another group", requestFor([lab.unique("foo")]))],
      refused: [
        refused("for system:masters", requestFor(["system:masters"]), "admission", {
          status: 403,
          reason:
            /use of kubernetes\.io\/kube-apiserver-client signer with system:masters group is not allowed/,
        }),
        refused("for system:masters and another", requestFor(["foo", "system:masters"]), "admission", {
          status: 403,
          reason: /with system:masters group is not allowed/,
        }),
      ],
    };
  },
);

claim(
  "csr-signing/lifetime",
  {
    says: "A certificate lives as long as its request asks, and no request may ask for less than 600 seconds",
    documented: kubernetes(SIGNERS, signersPage),
  },
  async (lab) => {
    const shortest = 600;
    const { request } = await approvedRequest(lab, shortest);
    const lasting = ({ notAfter }: CertificateDescription) => (notAfter.getTime() - Date.now()) / 1000;
    const tooShort = await SigningRequest.make(lab, {
      cn: lab.unique("jean.doe"),
      expirationSeconds: shortest - 1,
    });
    return {
      works: [
        works<string>(`asking for ${shortest} s`, () => request.issued(), {
          shows: `a certificate of which at most ${shortest} s are left, and nearly all of them`,
          where: (pem) => {
            const seconds = lasting(describeCertificate(pem));
            return seconds <= shortest && seconds > shortest - 60;
          },
        }),
      ],
      refused: [
        refused(`asking for ${shortest - 1} s`, () => tooShort.submit(), "validation", {
          status: 422,
          reason:
            /spec\.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds/,
        }),
      ],
    };
  },
);
