import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../support/errors.ts";
import { parseKindConfig } from "./parse-kind-config.ts";

const HEAD = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n";

/** What the user is told about a config. */
function said(text: string): string {
  try {
    parseKindConfig(text, "my.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return "nothing";
}

test("takes a config that uses every part of kind's, as it is", () => {
  const text = `${HEAD}name: mine
networking: { ipFamily: dual, apiServerPort: -1, dnsSearch: [], kubeProxyMode: none, disableDefaultCNI: true }
featureGates: { AllAlpha: false }
runtimeConfig: { api/all: "true" }
containerdConfigPatches: ["[debug]"]
kubeadmConfigPatches: ["kind: ClusterConfiguration"]
nodes:
- &node
  role: control-plane
  image: kindest/node:v1.37.2
  labels: { tier: "1" }
  extraMounts: [{ hostPath: /a, containerPath: /b, readOnly: true, propagation: None }]
  extraPortMappings: [{ containerPort: 80, hostPort: 8080, protocol: TCP }]
  kubeadmConfigPatchesJSON6902: [{ group: kubeadm.k8s.io, version: v1beta4, kind: ClusterConfiguration, patch: "[]" }]
- <<: *node
  role: worker
`;
  const { config, locate } = parseKindConfig(text, "my.yaml");
  expect(config.nodes?.map(({ role, image }) => [role, image])).toEqual([
    ["control-plane", "kindest/node:v1.37.2"],
    ["worker", "kindest/node:v1.37.2"],
  ]);
  expect(locate(["networking", "ipFamily"])).toBe("my.yaml:4:15");
});

describe("names file, line, column and the nearest field", () => {
  test.each([
    ["at the top", "node: []\n", "my.yaml:3:1", "unknown field node", "nodes"],
    ["in a node", "nodes:\n- roles: worker\n", "my.yaml:4:3", "unknown field nodes[0].roles", "role"],
    [
      "in networking",
      "networking:\n  disableDefaultCni: true\n",
      "my.yaml:4:3",
      "networking.disableDefaultCni",
      "disableDefaultCNI",
    ],
    [
      "deep in a node",
      "nodes:\n- extraMounts:\n  - hostpath: /a\n",
      "my.yaml:5:5",
      "nodes[0].extraMounts[0].hostpath",
      "hostPath",
    ],
  ])("%s", (_where, text, place, found, near) => {
    const words = said(HEAD + text);
    expect(words).toContain(`where:    ${place}\n`);
    expect(words).toContain(found);
    expect(words).toMatch(new RegExp(`expected: perhaps ${near}( |\n)`));
  });
});

describe("names the place of what is wrong", () => {
  test.each([
    [
      "not YAML",
      "nodes:\n  role: a: b\n",
      /my\.yaml:4:9\n(.|\n)*found: +Nested mappings are not allowed.*[a-z]\n?$/,
    ],
    ["an alias without its anchor", "nodes: *none\n", /my\.yaml:1:1\n(.|\n)*Unresolved alias/],
    [
      "a wrong type",
      "networking:\n  apiServerPort: many\n",
      /my\.yaml:4:3\n(.|\n)*expected: a whole number\n(.|\n)*"many"/,
    ],
    ["an unknown value", "nodes:\n- role: master\n", /my\.yaml:4:3\n(.|\n)*"worker"(.|\n)*role: "master"/],
    ["no such API version", "", /apiVersion/, "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha3\n"],
    ["an empty file", "", /my\.yaml:1:1\n(.|\n)*expected: an object\n *found: {4}nothing/, ""],
    ["a list", "", /found: {4}\[1\]/, "[1]"],
  ])("%s", (_what, text, words, head = HEAD) => {
    expect(said(head + text)).toMatch(words);
  });
});

describe("takes what kind's own decoder takes", () => {
  const read = (text: string) => parseKindConfig(HEAD + text, "my.yaml").config;

  test("text as it is written, whatever YAML would make of it", () => {
    const odd = fc.constantFrom(
      "true",
      "yes",
      "7",
      "007",
      "0x1F",
      "1_000",
      "80.50",
      "2024-01-01",
      ".inf",
      "1:30",
    );
    fc.assert(
      fc.property(odd, odd, (key, value) => {
        const { nodes, runtimeConfig } = read(
          `nodes: [{labels: {${key}: ${value}}}]\nruntimeConfig: {${key}: ${value}}\n`,
        );
        expect(nodes?.[0]?.labels).toEqual({ [key]: value });
        expect(runtimeConfig).toEqual({ [key]: value });
      }),
    );
  });

  test("what has no value, or empty text, has its default; in a map it is the zero value", () => {
    const text =
      "name:\nnetworking: {ipFamily: ~, kubeProxyMode: '', dnsSearch: null}\nnodes: [{role: '', image: }]\nfeatureGates: {A: }\nruntimeConfig: {b: }\n";
    expect(read(text)).toEqual({
      kind: "Cluster",
      apiVersion: "kind.x-k8s.io/v1alpha4",
      networking: {},
      nodes: [{}],
      featureGates: { A: false },
      runtimeConfig: { b: "" },
    });
  });

  test.each([
    ["30080", 30080],
    ["0x7f", 127],
    ["0777", 511],
    ["0b11", 3],
    ["8_080", 8080],
    ["80.7", 80],
    ["-1", -1],
  ])("a port as %s", (written, port) => {
    expect(read(`networking: {apiServerPort: ${written}}`).networking).toEqual({ apiServerPort: port });
  });

  test.each([
    ["yes", true],
    ["Off", false],
    ["'y'", true],
    ["TRUE", true],
  ])("a boolean as %s", (written, value) => {
    expect(read(`networking: {disableDefaultCNI: ${written}}`).networking).toEqual({
      disableDefaultCNI: value,
    });
  });

  test("a protocol in small letters, anchors, and empty documents behind the first", () => {
    const text =
      "nodes:\n- kubeadmConfigPatches: &all ['kind: ClusterConfiguration']\n  extraPortMappings: [{protocol: udp}]\n- {role: worker, kubeadmConfigPatches: *all}\n---\n# nothing\n---\n";
    expect(read(text).nodes).toEqual([
      { kubeadmConfigPatches: ["kind: ClusterConfiguration"], extraPortMappings: [{ protocol: "UDP" }] },
      { role: "worker", kubeadmConfigPatches: ["kind: ClusterConfiguration"] },
    ]);
  });
});

describe("refuses what kind's decoder refuses, or drops in silence", () => {
  test.each([
    ["a number in quotes", "networking: {apiServerPort: '80'}", /expected: a whole number\n/],
    ["true in quotes", "networking: {disableDefaultCNI: 'true'}", /expected: true or false\n/],
    ["an item without a value", "nodes:\n- role: control-plane\n-\n", /nodes\[1\]: nothing/],
    ["a key twice", "name: a\nname: b\n", /my\.yaml:4:1\n(.|\n)*the key name is there twice/],
    ["a second document", "nodes: []\n---\nname: b\n", /my\.yaml:5:1\n(.|\n)*drop it in silence/],
  ])("%s", (_what, text, words) => {
    expect(said(HEAD + text)).toMatch(words);
  });
});
