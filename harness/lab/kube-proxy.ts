import type { V1DaemonSet } from "@kubernetes/client-node";
import { boundEndpoint, type Endpoint } from "../cluster/endpoints.ts";
import type { Node } from "../node/node.ts";
import { untilShown } from "../probe/eventually.ts";
import { observation } from "../probe/observation.ts";
import type { Exchange } from "../probe/outcome.ts";
import { EnvironmentError } from "../support/errors.ts";
import { ApiClient } from "./api-client.ts";
import type { Lab } from "./lab.ts";
import type { Precondition } from "./precondition.ts";
import type { RunScope } from "./run-scope.ts";

/** The kube-proxy of one node. */
export class KubeProxy extends ApiClient {
  constructor(scope: RunScope, node: Node) {
    super(scope, node, "kube-proxy");
  }

  /** Where it tells load balancers whether it is healthy, as its own node reaches it. */
  health(): Promise<Endpoint> {
    return this.#bound("healthz", { IPv4: "0.0.0.0", IPv6: "::" }, 10256);
  }

  /** Where it serves metrics and its configuration in the clear, as its own node reaches it. */
  metrics(): Promise<Endpoint> {
    return this.#bound("metrics", { IPv4: "127.0.0.1", IPv6: "::1" }, 10249);
  }

  /**
   * An address by its configuration file, or by its argument where it has no file: with a file most arguments are ignored
   * (cmd/kube-proxy/app/options.go). Instead of an empty one it takes the usual address of the family that it binds to
   * (pkg/proxy/apis/config/v1alpha1/defaults.go).
   */
  async #bound(what: "healthz" | "metrics", usual: { IPv4: string; IPv6: string }, port: number) {
    const [file, config] = await Promise.all([
      this.argument("config"),
      this.configFile<Record<string, string>>(),
    ]);
    const told = file ? config[`${what}BindAddress`] : await this.argument(`${what}-bind-address`);
    return boundEndpoint(told || (config.bindAddress?.includes(":") ? usual.IPv6 : usual.IPv4), port);
  }
}

/** A cluster may do without kube-proxy (kind: `kubeProxyMode: none`). */
export const runsKubeProxy: Precondition = {
  what: "kube-proxy as a DaemonSet",
  met: async (_, scope) => (await daemonSet(scope)) !== undefined,
  expected: ({ facts }) => facts.settings.kubeProxy,
};

/** The DaemonSet that runs kube-proxy. */
export async function kubeProxyDaemonSet({ scope }: Lab): Promise<V1DaemonSet> {
  const found = await daemonSet(scope);
  if (found) return found;
  throw new EnvironmentError("The cluster has no DaemonSet of kube-proxy.");
}

async function daemonSet(scope: RunScope): Promise<V1DaemonSet | undefined> {
  const { apps } = (await scope.admin()).clients;
  const { items } = await apps.listDaemonSetForAllNamespaces({ labelSelector: "k8s-app=kube-proxy" });
  return items[0];
}

/**
 * Makes a Service in front of an endpoint, or of none, and returns where the cluster promises to serve it: its cluster
 * address. Removed at the end of the claim.
 */
export async function serviceFor(lab: Lab, backend?: Endpoint): Promise<Endpoint> {
  const { core, discovery } = (await lab.admin()).clients;
  const namespace = await lab.namespace();
  const name = lab.unique("service");
  const port = 443;
  lab.cleanup(`service ${namespace}/${name}`, () => core.deleteNamespacedService({ name, namespace }));
  const { spec } = await core.createNamespacedService({
    namespace,
    body: {
      metadata: { name },
      spec: { ports: [{ name: "https", port, targetPort: backend?.port ?? port }] },
    },
  });
  if (backend) {
    lab.cleanup(`endpoint slice ${namespace}/${name}`, () =>
      discovery.deleteNamespacedEndpointSlice({ name, namespace }),
    );
    await discovery.createNamespacedEndpointSlice({
      namespace,
      body: {
        metadata: { name, labels: { "kubernetes.io/service-name": name } },
        addressType: backend.host.includes(":") ? "IPv6" : "IPv4",
        ports: [{ name: "https", port: backend.port }],
        endpoints: [{ addresses: [backend.host], conditions: { ready: true } }],
      },
    });
  }
  return { host: spec?.clusterIP ?? "", port };
}

// In each of kube-proxy's modes: iptables, nftables, or IPVS, which gives the node every cluster address.
const RULES = "{ iptables-save; ip6tables-save; nft list ruleset; ip -o address; } 2>/dev/null";
const WITHIN_MS = 30_000; // the first claims run while a slow node still starts its kube-proxy

/** Reads, for up to 30 s until they do, whether the node's packet rules know an address. */
export function packetRulesFor(node: Node, address: string): Promise<Exchange<boolean>> {
  const read = async () => {
    const count = await node.run(["bash", "-c", `${RULES} | grep -cwF -- "$1" || true`, "rules", address]);
    const known = Number(count) > 0;
    return observation(node, "packet rules", known, `${known ? "rules" : "no rules"} for ${address}`);
  };
  return untilShown(read, Boolean, { timeoutMs: WITHIN_MS });
}
