import { mutant } from "../../harness/index.ts";
import { grant } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "anybody-approves-requests",
    does: "lets every service account approve CSRs, for every signer",
    breaks: ["csr-signing/approval-needed"],
    live: (lab) =>
      grant(
        lab,
        [
          {
            apiGroups: ["certificates.k8s.io"],
            resources: ["certificatesigningrequests/approval"],
            verbs: ["update"],
          },
          { apiGroups: ["certificates.k8s.io"], resources: ["signers"], verbs: ["approve"] },
        ],
        { kind: "Group", name: "system:serviceaccounts" },
      ),
  }),
  mutant({
    id: "requests-never-signed",
    does: "empties `--cluster-signing-cert-file` and `--cluster-signing-key-file` of the controller manager",
    breaks: [
      "csr-signing/approved-is-issued: the controller manager signs an approved CSR",
      "csr-signing/signing-files: the controller manager signs an approved CSR",
      "csr-signing/approval-needed: the controller manager signs the later CSR, the administrator submitted and approved a later CSR",
      "csr-signing/lifetime: the controller manager signs a CSR for 600 s",
    ],
    patch: `
      kind: ClusterConfiguration
      controllerManager:
        extraArgs:
          cluster-signing-cert-file: ""
          cluster-signing-key-file: ""
    `,
  }),
  mutant({
    id: "requests-signed-by-another-ca",
    does: "makes the controller manager sign CSRs with the front proxy's CA, which makes no clients of the API server",
    breaks: [
      "csr-signing/approved-is-issued: the holder of that certificate asks who it is",
      "csr-signing/signing-files: the controller manager signs an approved CSR",
    ],
    patch: `
      kind: ClusterConfiguration
      controllerManager:
        extraArgs:
          cluster-signing-cert-file: /etc/kubernetes/pki/front-proxy-ca.crt
          cluster-signing-key-file: /etc/kubernetes/pki/front-proxy-ca.key
    `,
  }),
  mutant({
    id: "requests-unrestricted",
    does: "disables the admission plugins CertificateApproval and CertificateSubjectRestriction",
    breaks: [
      "csr-signing/approval-needed: an account without `approve` on the signer approves it",
      "csr-signing/masters-refused",
    ],
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          disable-admission-plugins: CertificateApproval,CertificateSubjectRestriction
    `,
  }),
];
