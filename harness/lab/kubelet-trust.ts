import { parse } from "yaml";
import { readFile } from "../node/files.ts";
import type { Lab } from "./lab.ts";

/**
 * The CA by which the control plane's kubelet can be known (PEM): the cluster's where kubelets ask it for their serving
 * certificates, otherwise the one that the kubelet made for itself, which is in the same file as its certificate.
 */
export async function kubeletTrust(lab: Lab): Promise<string> {
  const config = parse(await readFile(lab.node, "/var/lib/kubelet/config.yaml")) as {
    serverTLSBootstrap?: boolean;
  };
  return config.serverTLSBootstrap
    ? lab.credentials.pem("ca.crt")
    : readFile(lab.node, "/var/lib/kubelet/pki/kubelet.crt");
}
