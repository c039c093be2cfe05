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
      "csr-signing/approved-is-issued",
      "csr-signing/signing-files",
      "csr-signing/approval-needed",
      "csr-signing/lifetime",
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
    breaks: ["csr-signing/approved-is-issued", "csr-signing/signing-files"],
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
    breaks: ["csr-signing/approval-needed", "csr-signing/masters-refused"],
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          disable-admission-plugins: CertificateApproval,CertificateSubjectRestriction
    `,
  }),
];
