import { registerSecretsIn } from "../identity/register.ts";
import { registerSecret } from "../support/secrets/registry.ts";
import type { Node } from "./node.ts";
import { flag, processOf } from "./processes.ts";

// Of kubeadm's and kind's directories every small file, wherever certificatesDir is: keys are found by what is in them.
const FILES = `
find /etc/kubernetes /kind /var/lib/kubelet/pki /var/lib/kubelet/*.conf /var/lib/minikube -type f -size -256k -exec cat {} + 2>/dev/null
find /var/lib/kubelet/pods -path '*kubernetes.io~*' -type f -size -64k -name '*token' -exec cat {} + -exec echo \\; 2>/dev/null
true`;

/**
 * Registers the secrets that a node holds: keys, kubeconfigs, kubeadm's tokens, those of its pods, and the static tokens of
 * its API server. To be called before anything is written that comes from the node.
 */
export async function registerSecretsOf(node: Node): Promise<void> {
  registerSecretsIn(await node.run(["bash", "-c", FILES]));
  const apiServer = await processOf(node, "kube-apiserver");
  const file = apiServer && flag(apiServer, "token-auth-file");
  if (file) registerStaticTokens(await node.run(["cat", `/proc/${apiServer.pid}/root${file}`]));
}

/** The lines of a --token-auth-file: `token,user,uid,"group1,group2"`. */
export function registerStaticTokens(csv: string): void {
  for (const line of csv.split("\n")) {
    const token = line.split(",")[0]?.trim().replaceAll('"', "");
    if (!token || token.startsWith("#")) continue;
    registerSecret(token);
  }
}
