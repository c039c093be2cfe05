import { expect, test } from "vitest";
import { Cluster, type ClusterFacts } from "../cluster/cluster.ts";
import { offers } from "./precondition.ts";
import type { RunScope } from "./run-scope.ts";

const facts: ClusterFacts = {
  name: "a",
  title: "default",
  config: "default.yaml",
  provider: "kind",
  kubernetes: "v1.37.2",
  kubeconfig: "/nowhere/a.kubeconfig",
  nodes: [{ name: "a-control-plane", role: "control-plane", addresses: ["172.18.0.2"] }],
  settings: {
    certificatesDir: "/etc/kubernetes/pki",
    clusterName: "kubernetes",
    dnsDomain: "cluster.local",
    kubeProxy: true,
  },
  patches: [],
  boot: { ms: 1, steps: [] },
};

/** What a provider offers is asked of no run. */
const noScope = {} as RunScope;

test("kind offers every capability", () => {
  const cluster = new Cluster(facts);
  for (const capability of ["neighbour", "hostAddress"] as const)
    expect(offers(capability).met(cluster, noScope)).toBe(true);
});

test("a provider without a capability does not meet the precondition, and its use is an error", () => {
  const cluster = new Cluster(facts);
  const { neighbour: _, ...without } = cluster.provider;
  const lacking = Object.defineProperty(cluster, "provider", { value: without });
  expect(offers("neighbour").met(lacking, noScope)).toBe(false);
  expect(offers("hostAddress").met(lacking, noScope)).toBe(true);
  expect(() => lacking.neighbour()).toThrow("The provider kind has no neighbour.");
});
