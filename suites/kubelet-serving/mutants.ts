import { mutant } from "../../harness/index.ts";
import { editKubeletConfig, editManifest } from "../../harness/sabotage.ts";

export default [
  mutant({
    id: "kubelet-old-tls",
    does: "lets the kubelet speak TLS 1.0 and 1.1 (`tlsMinVersion`)",
    breaks: [
      "kubelet-serving/tls-only: a client speaks TLS 1.1",
      "general/old-tls-refused: a client speaks TLS 1.1 or older to the kubelet",
    ],
    live: (lab) =>
      editKubeletConfig(lab, (config) => Object.assign(config, { tlsMinVersion: "VersionTLS10" })),
  }),
  mutant({
    id: "kubelet-borrowed-certificate",
    does: "makes the kubelet serve with etcd's certificate (`tlsCertFile`)",
    breaks: ["kubelet-serving/own-certificate: a client judges by etcd's CA"],
    live: (lab) =>
      editKubeletConfig(lab, (config) =>
        Object.assign(config, {
          tlsCertFile: lab.cluster.pki("etcd/server.crt"),
          tlsPrivateKeyFile: lab.cluster.pki("etcd/server.key"),
        }),
      ),
  }),
  mutant({
    id: "kubelets-by-etcd-ca",
    does: "names etcd's CA as `--kubelet-certificate-authority` of the API server of the cluster `hardened`",
    breaks: ["kubelet-serving/no-other-ca"],
    cluster: "hardened",
    live: (lab) =>
      editManifest(lab, "kube-apiserver", (manifest) =>
        manifest.replace(/(--kubelet-certificate-authority)=.*/, `$1=${lab.cluster.pki("etcd/ca.crt")}`),
      ),
  }),
  mutant({
    id: "kubelet-certificates-unverified",
    does: "removes `--kubelet-certificate-authority` from the API server of the cluster `hardened`",
    breaks: ["kubelet-serving/rogue-kubelet-refused"],
    cluster: "hardened",
    live: (lab) =>
      editManifest(lab, "kube-apiserver", (manifest) =>
        manifest.replace(/^ *- --kubelet-certificate-authority=.*\n/m, ""),
      ),
  }),
];
