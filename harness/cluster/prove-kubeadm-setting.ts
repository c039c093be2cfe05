import { COMMANDS } from "../config/arguments.ts";
import type { ExpectedSetting } from "../config/expected-settings.ts";
import { isObject } from "../config/json.ts";
import { listHolds, settingMatches } from "../config/setting-matches.ts";
import { flag } from "../node/processes.ts";
import type { LiveNode } from "./live-node.ts";
import { notProvable, type Proof, seen } from "./proof.ts";

/** The argument in which a component shows a field of kubeadm's own configuration. */
const ARGUMENTS: Record<string, [command: string, argument: string]> = {
  clusterName: ["kube-controller-manager", "cluster-name"],
  "networking.podSubnet": ["kube-controller-manager", "cluster-cidr"],
  "networking.serviceSubnet": ["kube-apiserver", "service-cluster-ip-range"],
  "etcd.local.dataDir": ["etcd", "data-dir"],
  "localAPIEndpoint.advertiseAddress": ["kube-apiserver", "advertise-address"],
  "localAPIEndpoint.bindPort": ["kube-apiserver", "secure-port"],
  "controlPlane.localAPIEndpoint.advertiseAddress": ["kube-apiserver", "advertise-address"],
  "controlPlane.localAPIEndpoint.bindPort": ["kube-apiserver", "secure-port"],
};

/** The certificate in which a list of SANs is seen, by the argument that names it. */
const CERTIFICATES: Record<string, [command: string, argument: string]> = {
  "apiServer.certSANs": ["kube-apiserver", "tls-cert-file"],
  "etcd.local.serverCertSANs": ["etcd", "cert-file"],
  "etcd.local.peerCertSANs": ["etcd", "peer-cert-file"],
};

/** kind takes it off where there is no worker (kind 0.33, actions/kubeadminit/init.go). */
const CONTROL_PLANE_TAINT = "node-role.kubernetes.io/control-plane";

/** Proves a setting of ClusterConfiguration, InitConfiguration or JoinConfiguration; undefined where nothing live shows it. */
export async function proveKubeadmSetting(
  { field, value }: ExpectedSetting,
  live: LiveNode,
): Promise<Proof | undefined> {
  const path = field.join(".");
  const [command, argument] = ARGUMENTS[path] ?? [];
  if (command && argument) {
    const process = await live.process(command);
    if (!process) return undefined; // not a control plane
    const found = flag(process, argument);
    return seen(settingMatches(found, value), found, `--${argument} of ${command}`);
  }
  const certificate = CERTIFICATES[path];
  if (certificate) {
    const names = await live.namesInCertificate(...certificate);
    if (names.length === 0) return undefined;
    return seen(listHolds(names, value), names, `the certificate of ${certificate[0]}'s --${certificate[1]}`);
  }
  if (path === "networking.dnsDomain") {
    const names = await live.namesInCertificate("kube-apiserver", "tls-cert-file");
    const own = `kubernetes.default.svc.${String(value)}`;
    return names.includes(own) ? seen(true, own, "the certificate of the API server") : undefined;
  }
  if (/\.(extraVolumes|extraEnvs)$/.test(path)) return provePod(path, value, live);
  return path.startsWith("nodeRegistration.") ? proveRegistration(path, value, live) : undefined;
}

/** Volumes and environment of a component's pod are seen in its process. */
async function provePod(path: string, value: unknown, live: LiveNode): Promise<Proof | undefined> {
  const command = COMMANDS[path.replace(/\.\w+$/, ".extraArgs")] ?? "";
  const process = await live.process(command);
  if (!process || !Array.isArray(value)) return undefined;
  const items = value.filter(isObject);
  if (path.endsWith("extraVolumes")) {
    const mounts = await live.mounts(process.pid);
    const missing = items.find(({ mountPath, readOnly }) => {
      const options = mounts.get(String(mountPath).replace(/(.)\/+$/, "$1"));
      return !options || (readOnly === true && !options.includes("ro"));
    });
    return seen(
      !missing,
      missing ? `not mounted so: ${missing.mountPath}` : value,
      `the mounts of ${command}`,
    );
  }
  if (items.some((item) => typeof item.value !== "string")) return undefined;
  const environment = await live.environment(process.pid);
  const missing = items.find((item) => !environment.includes(`${item.name}=${item.value}`));
  return seen(!missing, missing ? `not there: ${missing.name}` : value, `the environment of ${command}`);
}

async function proveRegistration(path: string, value: unknown, live: LiveNode): Promise<Proof | undefined> {
  switch (path) {
    case "nodeRegistration.name":
      return seen(live.node.name === value, live.node.name, "the name of the node");
    case "nodeRegistration.criSocket": {
      const found = (await live.kubelet()).config.containerRuntimeEndpoint;
      return seen(settingMatches(found, value), found, "the kubelet's configuration");
    }
    case "nodeRegistration.taints": {
      const { taints } = await live.registered();
      const asked = Array.isArray(value) ? value : [];
      const matches =
        asked.length > 0 ? listHolds(taints, asked) : !listHolds(taints, [{ key: CONTROL_PLANE_TAINT }]);
      const others = asked.filter((taint) => !isObject(taint) || taint.key !== CONTROL_PLANE_TAINT);
      if (!matches && listHolds(taints, others)) {
        return notProvable(taints, "kind takes the taint of control planes off where no worker is");
      }
      return seen(matches, taints, "the node's taints");
    }
    default:
      return undefined;
  }
}
