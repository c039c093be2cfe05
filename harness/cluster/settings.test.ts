import { expect, test } from "vitest";
import { settingsOf } from "./settings.ts";

test("what kubeadm wrote down counts, and its defaults where it wrote nothing", () => {
  const clusterConfiguration = { certificatesDir: "/etc/pki", networking: { podSubnet: "10.244.0.0/16" } };
  expect(settingsOf({ clusterConfiguration, kubeProxyConfiguration: {} })).toEqual({
    certificatesDir: "/etc/pki",
    clusterName: "kubernetes",
    dnsDomain: "cluster.local",
    kubeProxy: false,
  });
  const networking = { dnsDomain: "example.org" };
  expect(
    settingsOf({
      clusterConfiguration: { clusterName: "mine", networking },
      kubeProxyConfiguration: { mode: "nftables" },
    }),
  ).toEqual({
    certificatesDir: "/etc/kubernetes/pki",
    clusterName: "mine",
    dnsDomain: "example.org",
    kubeProxy: true,
  });
});
