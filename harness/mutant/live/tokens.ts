import { createPublicKey } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { V1TokenReview } from "@kubernetes/client-node";
import { argumentOf } from "../../cluster/endpoints.ts";
import { claimsOf } from "../../identity/index.ts";
import type { Lab } from "../../lab/lab.ts";
import { readFile, writeFile } from "../../node/files.ts";
import type { LiveMutant } from "../mutant.ts";
import { apiServerReady, editFile, editManifest, restartComponent } from "../sabotage.ts";

type Undo = () => Promise<void>;

/** Sabotages of how the API server judges tokens. */
export const tokenMutants: LiveMutant[] = [
  {
    id: "another-key-verifies-tokens",
    does: "appends the public key of the API server's certificate to the file of --service-account-key-file",
    breaks: ["sa-verification/signature", "sa-verification/published-key"],
    apply: trustAnotherKey,
  },
  {
    id: "webhook-believes-every-token",
    does: "adds a token webhook to the API server that reads tokens without verifying them",
    breaks: [
      "sa-verification/signature",
      "sa-verification/expiry",
      "sa-verification/audience",
      "sa-verification/dies-with-its-pod",
      "sa-verification/dies-with-its-account",
      "sa-issuance/signers",
      "sa-issuance/legacy-token",
    ],
    apply: addCredulousWebhook,
  },
];

async function trustAnotherKey(lab: Lab): Promise<Undo> {
  const { node, cluster } = lab;
  const path = await argumentOf(node, "kube-apiserver", "service-account-key-file");
  const key = await readFile(node, cluster.pki("apiserver.key"));
  const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" });
  return editFile(
    node,
    path ?? "",
    (text) => `${text.trimEnd()}\n${publicKey}`,
    async () => {
      await restartComponent(node, "kube-apiserver");
      await apiServerReady(lab);
    },
  );
}

/** The webhook runs in this process; the API server asks it about every token that nobody else believes. */
async function addCredulousWebhook(lab: Lab): Promise<Undo> {
  const { node, cluster } = lab;
  const host = await cluster.hostAddress(node);
  const server = createServer(async (request, response) => {
    const { apiVersion, kind, spec } = (await json(request)) as V1TokenReview;
    const review = { apiVersion, kind, status: credulous(spec.token ?? "") };
    response.setHeader("content-type", "application/json").end(JSON.stringify(review));
  });
  server.listen({ host, port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const kubeconfig = cluster.pki("planeproof-webhook.conf");
  await writeFile(node, kubeconfig, webhookKubeconfig(`http://${host}:${port}`));
  const undo = await editManifest(lab, "kube-apiserver", (manifest) =>
    manifest.replace(
      /^( *)- kube-apiserver$/m,
      `$&\n$1- --authentication-token-webhook-config-file=${kubeconfig}`,
    ),
  );
  return async () => {
    await undo();
    await node.run(["rm", kubeconfig]);
    server.closeAllConnections();
    server.close();
  };
}

/** Believes what a token says of its owner; what is no JWT it leaves to others. */
function credulous(token: string): object {
  try {
    const username = claimsOf(token).sub ?? "";
    return { authenticated: true, user: { username, groups: ["system:serviceaccounts"] } };
  } catch {
    return { authenticated: false };
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
