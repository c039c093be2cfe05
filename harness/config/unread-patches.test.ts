import { describe, expect, test } from "vitest";
import { define } from "./define.test-data.ts";

const text = (kind: string, body: object) => JSON.stringify({ kind, ...body });
const args = text("ClusterConfiguration", { apiServer: { extraArgs: { v: "1" } } });
const kubelet = text("KubeletConfiguration", { maxPods: 9 });
const init = text("InitConfiguration", { nodeRegistration: { kubeletExtraArgs: { v: "2" } } });
const join = text("JoinConfiguration", { nodeRegistration: { kubeletExtraArgs: { v: "2" } } });
const own = (...patches: string[]) => ({ kubeadmConfigPatches: patches });
const worker = (...patches: string[]) => ({ role: "worker", ...own(...patches) });

describe("the same patches below every node are taken", () => {
  test.each([
    ["what a worker takes from the cluster", [own(args, kubelet), worker(args, kubelet)]],
    ["of a second control plane", [own(args), own(args)]],
    ["init and join", [own(init, join), worker(init, join)]],
    ["the whole asks for more than the part", [own(args, kubelet), worker(kubelet)]],
  ])("%s", (_what, nodes) => {
    expect(() => define({ nodes })).not.toThrow();
  });

  test("and where the whole cluster has them", () => {
    expect(() => define({ ...own(kubelet), nodes: [{}, worker(kubelet)] })).not.toThrow();
  });
});

describe("a patch of one node that nothing puts in force is refused, with the field", () => {
  test.each([
    [
      "another value",
      [own(kubelet), worker(text("KubeletConfiguration", { maxPods: 8 }))],
      /nodes\[1\](.|\n)*maxPods(.|\n)*kubeletExtraArgs/,
    ],
    [
      "a field beside",
      [own(args), worker(text("ClusterConfiguration", { clusterName: "a" }))],
      /clusterName/,
    ],
    ["join without a node that joins", [own(join)], /nodes\[0\](.|\n)*InitConfiguration on the first/],
    ["init on a worker only", [{}, worker(init)], /nodes\[1\](.|\n)*JoinConfiguration/],
  ])("%s", (_what, nodes, words) => {
    expect(() => define({ nodes })).toThrow(words);
  });
});
