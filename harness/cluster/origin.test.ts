import { expect, test } from "vitest";
import type { Cluster } from "./cluster.ts";
import { originOfArgument, originOfField, originOfFile } from "./origin.ts";

const landed = (path: string, found: string, where?: string) => ({
  path,
  ...(where && { where }),
  asked: found,
  found,
  landed: true,
  state: "landed",
});
const cluster = {
  facts: {
    config: "mine.yaml",
    patches: [
      landed("kubeadmConfigPatches[0] ClusterConfiguration.apiServer.extraArgs.v", "2", "mine.yaml:9"),
      landed("kubeadmConfigPatches[1] ClusterConfiguration.apiServer.extraArgs.v", "4", "mine.yaml:19"),
      landed("kubeadmConfigPatches[2] KubeletConfiguration.readOnlyPort", "0", "mine.yaml:29"),
      landed("nodes[0].extraMounts[0]", "/etc/kubernetes/pki rw"),
    ],
  },
} as unknown as Cluster;

test("names the last line that sets an argument or a field, and the mount that brings a file", () => {
  const last = "mine.yaml:19 (kubeadmConfigPatches[1] ClusterConfiguration.apiServer.extraArgs.v)";
  expect(originOfArgument(cluster, "kube-apiserver", "v")).toBe(last);
  expect(originOfArgument(cluster, "etcd", "v")).toBeUndefined();
  expect(originOfField(cluster, "KubeletConfiguration.readOnlyPort")).toMatch(/^mine\.yaml:29 /);
  expect(originOfFile(cluster, "/etc/kubernetes/pki/ca.crt")).toBe("mine.yaml (nodes[0].extraMounts[0])");
  expect(originOfFile(cluster, "/etc/kubernetes/pki2/ca.crt")).toBeUndefined();
});
