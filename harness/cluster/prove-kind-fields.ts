import type { ClusterDefinition } from "../config/kind-config.ts";
import type { ConfigNode } from "../config/nodes.ts";
import { flag } from "../node/processes.ts";
import type { LiveNode } from "./live-node.ts";
import { notProvable, type Proof, type ProvedSetting, seen, shown } from "./proof.ts";

/** One field of kind's own configuration on a node: where it stands, what it asks for, and how it is proved. */
interface KindField {
  path: string;
  asked: unknown;
  prove: (live: LiveNode) => Promise<Proof>;
}

/** Proves what a config asks for in kind's own fields, on one node. */
export async function proveKindFields(
  { config }: ClusterDefinition,
  place: ConfigNode,
  live: LiveNode,
): Promise<ProvedSetting[]> {
  const fields = [...nodeFields(config.nodes?.[place.index] ?? {}, place), ...clusterFields(config, place)];
  return Promise.all(
    fields.map(async ({ path, asked, prove }) => ({
      path,
      asked: shown(asked),
      node: live.node.name,
      proof: await prove(live),
    })),
  );
}

type Config = ClusterDefinition["config"];
type NodeConfig = NonNullable<Config["nodes"]>[number];

function nodeFields(
  { labels = {}, extraMounts = [], extraPortMappings = [] }: NodeConfig,
  place: ConfigNode,
): KindField[] {
  const at = `nodes[${place.index}]`;
  return [
    ...Object.entries(labels).map(([key, value]) => ({
      path: `${at}.labels.${key}`,
      asked: value,
      prove: async (live: LiveNode) => {
        const found = (await live.registered()).labels[key];
        return seen(found === value, found, "the node's labels");
      },
    })),
    ...extraMounts.map((mount, index) => ({
      path: `${at}.extraMounts[${index}]`,
      asked: mount,
      prove: async (live: LiveNode) => {
        const point = (mount.containerPath ?? "").replace(/(.)\/+$/, "$1");
        const options = (await live.mounts()).get(point);
        const matches = options !== undefined && (!mount.readOnly || options.includes("ro"));
        return seen(matches, options && `${point} ${options[0]}`, "what is mounted on the node");
      },
    })),
    ...extraPortMappings.map((mapping, index) => ({
      path: `${at}.extraPortMappings[${index}]`,
      asked: mapping,
      prove: async () => notProvable(undefined, "the engine publishes ports, outside the node"),
    })),
  ];
}

function clusterFields(config: Config, { role }: ConfigNode): KindField[] {
  const { featureGates = {}, runtimeConfig = {} } = config;
  const components = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
  return [
    ...Object.entries(featureGates).map(([gate, value]) => ({
      path: `featureGates.${gate}`,
      asked: value,
      prove: async (live: LiveNode) => {
        const { config } = await live.kubelet();
        const kubelet = (config.featureGates as Record<string, boolean> | undefined)?.[gate];
        if (kubelet !== value) return seen(false, kubelet, "the kubelet's configuration");
        const arguments_ = role === "control-plane" ? components : [];
        return pairIn(live, arguments_, "feature-gates", gate, String(value));
      },
    })),
    ...(role === "control-plane"
      ? Object.entries(runtimeConfig).map(([api, value]) => ({
          path: `runtimeConfig.${api}`,
          asked: value,
          prove: (live: LiveNode) => pairIn(live, ["kube-apiserver"], "runtime-config", api, value),
        }))
      : []),
    ...networkFields(config.networking ?? {}, role),
  ];
}

/** Whether every component's argument, a list of `key=value`, has a pair. */
async function pairIn(
  live: LiveNode,
  commands: readonly string[],
  argument: string,
  key: string,
  value: string,
): Promise<Proof> {
  for (const command of commands) {
    const process = await live.process(command);
    const found = process && flag(process, argument);
    const pair = found?.split(",").findLast((part) => part.split("=")[0] === key);
    if (pair !== `${key}=${value}`) return seen(false, found, `--${argument} of ${command}`);
  }
  return seen(true, value, "");
}

function networkFields(
  {
    ipFamily,
    podSubnet,
    serviceSubnet,
    kubeProxyMode,
    disableDefaultCNI,
    dnsSearch,
    ...others
  }: NonNullable<Config["networking"]>,
  role: ConfigNode["role"],
): KindField[] {
  const field = (name: string, asked: unknown, prove: KindField["prove"]): KindField[] =>
    asked === undefined ? [] : [{ path: `networking.${name}`, asked, prove }];
  const argument = (command: string, name: string, asked: unknown) => async (live: LiveNode) => {
    const process = await live.process(command);
    const found = process && flag(process, name);
    return seen(found === asked, found, `--${name} of ${command}`);
  };
  const ofControlPlane = [
    ...field("podSubnet", podSubnet, argument("kube-controller-manager", "cluster-cidr", podSubnet)),
    ...field(
      "serviceSubnet",
      serviceSubnet,
      argument("kube-apiserver", "service-cluster-ip-range", serviceSubnet),
    ),
  ];
  return [
    ...(role === "control-plane" ? ofControlPlane : []),
    ...field("ipFamily", ipFamily, async (live) => {
      const families = new Set(
        (await live.podRanges()).map((range) => (range.includes(":") ? "ipv6" : "ipv4")),
      );
      const found = families.size > 1 ? "dual" : [...families][0];
      return seen(found === ipFamily, found, "the node's ranges of pod addresses");
    }),
    ...field("kubeProxyMode", kubeProxyMode, (live) => proxyMode(live, kubeProxyMode ?? "")),
    ...field("disableDefaultCNI", disableDefaultCNI, async (live) => {
      const runs = (await live.process("kindnetd")) !== undefined;
      return runs && disableDefaultCNI
        ? seen(false, "kindnetd runs", "the node's processes")
        : seen(true, disableDefaultCNI, "");
    }),
    ...field("dnsSearch", dnsSearch, async (live) => {
      const search = /^search (.*)$/m.exec(await live.node.run(["cat", "/etc/resolv.conf"]))?.[1] ?? "";
      const found = search.split(" ").filter((domain) => domain && domain !== ".");
      return seen(found.join(" ") === dnsSearch?.join(" "), found, "/etc/resolv.conf");
    }),
    ...Object.entries(others).flatMap(([name, asked]) =>
      field(name, asked, async () =>
        notProvable(undefined, "the cluster has come up with it; no component shows it"),
      ),
    ),
  ];
}

async function proxyMode(live: LiveNode, asked: string): Promise<Proof> {
  const runs = (await live.process("kube-proxy")) !== undefined;
  if (asked === "none") return seen(!runs, runs ? "kube-proxy runs" : "none", "the node's processes");
  const { config, live: told } = await live.proxy({ mode: asked });
  return told
    ? seen(config.mode === asked, config.mode, "kube-proxy's /configz")
    : notProvable(undefined, "kube-proxy does not tell its configuration here");
}
