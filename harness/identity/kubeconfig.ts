import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { privateKeyIn } from "../pki/index.ts";
import { PlaneproofError } from "../support/errors.ts";
import { byCertificate, byToken, type Identity, nobody } from "./identity.ts";
import { registerSecretsIn } from "./register.ts";

/** What a kubeconfig's current context says. */
export interface KubeconfigContent {
  identity: Identity;
  /** The URL of the API server. */
  server: string;
  /** The CA by which its owner judges the server's certificate; undefined where the owner does not (or names none). */
  caPem: string | undefined;
  /** Where the owner's key or token lies: in the kubeconfig itself, or in a file that it points at and that may change. */
  secretIn: "kubeconfig" | "file" | "nowhere";
}

/**
 * Where the current context of a kubeconfig file reaches the API server, and the CA by which it is known. The file itself is
 * for no client of client-node's: its own TLS takes no intermediate CA for an anchor, as Go does and `probe/tls.ts` with it.
 */
export function serverIn(file: string): { url: string; caPem: string } {
  const config = new KubeConfig();
  config.loadFromFile(file);
  registerSecretsIn(config.exportConfig());
  const { server = "", caData = "" } = config.getCurrentCluster() ?? {};
  return { url: server, caPem: Buffer.from(caData, "base64").toString() };
}

/**
 * Reads a kubeconfig as its owner would. The files that it points at (the kubelet's rotating certificate, kube-proxy's
 * token) lie where its owner lives, so `readFile` reads them; each path is read once, since the kubelet replaces its
 * certificate and key together.
 */
export async function fromKubeconfig(
  text: string,
  readFile: (path: string) => Promise<string>,
  label?: string,
): Promise<KubeconfigContent> {
  const config = new KubeConfig();
  config.loadFromString(text);
  registerSecretsIn(text);
  const [user, cluster] = [config.getCurrentUser(), config.getCurrentCluster()];
  if (!user || !cluster) {
    throw new PlaneproofError("A kubeconfig has no usable current context", {
      expected: "a current-context whose cluster and user are both defined",
      found: `current-context "${config.currentContext ?? ""}", ${user ? "no such cluster" : "no such user"}`,
    });
  }
  const read = readingOnce(readFile);
  const content = async (data: string | undefined, file: string | undefined) =>
    data ? Buffer.from(data, "base64").toString() : file ? read(file) : undefined;
  const certificate = await content(user.certData, user.certFile);
  const key = await content(user.keyData, user.keyFile);
  const tokenFile = tokenFileOf(text, user.name);
  const token = user.token ?? (await content(undefined, tokenFile))?.trim();
  return {
    identity:
      certificate && key
        ? byCertificate({ certPem: certificate, keyPem: privateKeyIn(key) }, label)
        : token
          ? byToken(token, label)
          : nobody,
    server: cluster.server,
    caPem: cluster.skipTLSVerify ? undefined : await content(cluster.caData, cluster.caFile),
    secretIn: user.keyData || user.token ? "kubeconfig" : user.keyFile || tokenFile ? "file" : "nowhere",
  };
}

/** client-node 2 leaves `tokenFile` out of the users that it parses (config_types.ts, newUsers). */
function tokenFileOf(text: string, user: string): string | undefined {
  const { users = [] } = parse(text) as { users?: { name: string; user?: { tokenFile?: string } }[] };
  return users.find(({ name }) => name === user)?.user?.tokenFile;
}

function readingOnce(readFile: (path: string) => Promise<string>): (path: string) => Promise<string> {
  const readings = new Map<string, Promise<string>>();
  return (path) => {
    const reading = readings.get(path) ?? readFile(path);
    readings.set(path, reading);
    return reading;
  };
}
