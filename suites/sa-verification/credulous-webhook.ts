import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { claimsOf } from "../../harness/credentials.ts";
import type { Lab } from "../../harness/index.ts";
import { writeFile } from "../../harness/nodes.ts";
import { addArgument, type Undo } from "../../harness/sabotage.ts";

/** A TokenReview, as far as a webhook reads it. */
interface TokenReview {
  apiVersion: string;
  kind: string;
  spec: { token?: string };
}

/** The webhook runs in this process; the API server asks it about every token that its own checks refuse. */
export async function addCredulousWebhook(lab: Lab): Promise<Undo> {
  const { node, cluster } = lab;
  const host = await cluster.hostAddress(node);
  const server = createServer(async (request, response) => {
    const { apiVersion, kind, spec } = (await json(request)) as TokenReview;
    const review = { apiVersion, kind, status: credulous(spec.token ?? "") };
    response.setHeader("content-type", "application/json").end(JSON.stringify(review));
  });
  server.listen({ host, port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const kubeconfig = cluster.pki("planeproof-webhook.conf");
  await writeFile(node, kubeconfig, webhookKubeconfig(`http://${host}:${port}`));
  const argument = `--authentication-token-webhook-config-file=${kubeconfig}`;
  const undo = await addArgument(lab, "kube-apiserver", argument);
  return async () => {
    await undo();
    await node.run(["rm", kubeconfig]);
    server.closeAllConnections();
    server.close();
  };
}

/** Believes what a token says of its owner; of one that says nothing it makes somebody up. */
function credulous(token: string): object {
  return { authenticated: true, user: { username: ownerOf(token), groups: ["system:serviceaccounts"] } };
}

function ownerOf(token: string): string {
  try {
    return claimsOf(token).sub ?? "somebody";
  } catch {
    return "somebody";
  }
}

/** A kubeconfig may be written in JSON: YAML is a superset of it. */
function webhookKubeconfig(server: string): string {
  const name = "webhook";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
