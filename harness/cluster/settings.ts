import type { KubeadmConfig } from "./kubectl.ts";

/** What a config may change about a cluster, as kubeadm itself wrote it down. */
export interface ClusterSettings {
  /** Where kubeadm keeps the cluster's keys and certificates on a control plane. */
  certificatesDir: string;
  /** `kubernetes` unless the config says otherwise. */
  clusterName: string;
  /** `cluster.local` unless the config says otherwise. */
  dnsDomain: string;
  /** Whether kubeadm made a kube-proxy. */
  kubeProxy: boolean;
}

/** The settings in what kubeadm wrote down, with kubeadm's defaults. */
export function settingsOf({
  clusterConfiguration,
  kubeProxyConfiguration,
}: Pick<KubeadmConfig, "clusterConfiguration" | "kubeProxyConfiguration">): ClusterSettings {
  const { certificatesDir, clusterName, networking } = clusterConfiguration as Partial<ClusterSettings> & {
    networking?: { dnsDomain?: string };
  };
  return {
    certificatesDir: certificatesDir ?? "/etc/kubernetes/pki",
    clusterName: clusterName ?? "kubernetes",
    dnsDomain: networking?.dnsDomain ?? "cluster.local",
    kubeProxy: Object.keys(kubeProxyConfiguration).length > 0,
  };
}
