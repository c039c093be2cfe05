import { KubeConfig } from "@kubernetes/client-node";
import { byCertificate, byToken, type Identity } from "./identity.ts";

/** What a kubeconfig's current context says. */
export interface KubeconfigContent {
  identity: Identity;
  server: string;
  caPem: string;
}

/**
 * Reads a kubeconfig as its owner would. Files that it points at (the kubelet's rotating certificate, kube-proxy's token)
 * are read by `readFile`, since they lie on the owner's node.
 */
export async function fromKubeconfig(
  text: string,
  readFile: (path: string) => Promise<string>,
): Promise<KubeconfigContent> {
  const config = new KubeConfig();
  config.loadFromString(text);
  const [user, cluster] = [config.getCurrentUser(), config.getCurrentCluster()];
  if (!user || !cluster) throw new Error("the kubeconfig has no current context");
  const inlineOr = (data: string | undefined, file: string | undefined) =>
    data
      ? Promise.resolve(Buffer.from(data, "base64").toString())
      : file
        ? readFile(file)
        : Promise.resolve("");
  const [certPem, keyPem, caPem] = await Promise.all([
    inlineOr(user.certData, user.certFile),
    inlineOr(user.keyData, user.keyFile),
    inlineOr(cluster.caData, cluster.caFile),
  ]);
  const tokenFile = (user.authProvider?.config as { tokenFile?: string } | undefined)?.tokenFile;
  const token = user.token ?? (tokenFile ? (await readFile(tokenFile)).trim() : undefined);
  const identity = token ? byToken(token) : byCertificate({ certPem, keyPem });
  return { identity, server: cluster.server, caPem };
}
