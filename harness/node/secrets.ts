import { registerSecretsIn } from "../identity/register.ts";
import { registerSecret } from "../support/secrets/registry.ts";
import type { Node } from "./node.ts";
import { flag, processOf, readFileOf } from "./processes.ts";
import { staticTokenLines } from "./static-token-file.ts";

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
  if (file) registerStaticTokens(await readFileOf(node, apiServer, file));
}

/** Registers the tokens of a static token file. */
export function registerStaticTokens(csv: string): void {
  for (const { token } of staticTokenLines(csv)) registerSecret(token);
}
