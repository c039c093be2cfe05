import { type KnownExposure, kubernetes } from "../harness/channel.ts";

/** The clusters that can be named on the command line, and what each is for. */
export const clusters: Record<string, string> = {
  default: "what kubeadm makes when it is asked for nothing in particular: one control plane",
  hardened: "what the default leaves open, closed: kubelets whose serving certificates the cluster signs",
};

/**
 * What kubeadm leaves open unless a config closes it. Expected `broken` wherever the closing argument is missing in the
 * live process, on the clusters of this directory and on anybody's own config.
 */
export const exposures: KnownExposure[] = [
  {
    claim: "kubelet-serving/rogue-kubelet-refused",
    controls: ["our own server answers under a rogue CA of the same name"],
    reason:
      "kubeadm gives the API server no CA for the kubelets' serving certificates, so it talks to any TLS server",
    documented: kubernetes(
      "Communication between Nodes and the Control Plane, API server to kubelet",
      "concepts/architecture/control-plane-node-communication/#api-server-to-kubelet",
    ),
    closedBy: { command: "kube-apiserver", argument: "kubelet-certificate-authority" },
  },
];
