import { createPublicKey } from "node:crypto";
import type { Lab } from "../../harness/index.ts";
import { mutant } from "../../harness/index.ts";
import { argumentOf, readFile } from "../../harness/nodes.ts";
import { apiServerReady, editFile, grant, restartComponent, type Undo } from "../../harness/sabotage.ts";
import { addCredulousWebhook } from "./credulous-webhook.ts";

export default [
  mutant({
    id: "another-key-verifies-tokens",
    does: "appends the public key of the API server's certificate to the file of `--service-account-key-file`",
    breaks: ["sa-verification/signature: a bearer shows them under the key of the API server's certificate"],
    live: trustAnotherKey,
  }),
  mutant({
    id: "webhook-believes-every-token",
    does: "adds a token webhook to the API server that reads tokens without verifying them",
    breaks: [
      "general/forged-bearer-refused",
      "general/authenticators-accounted: the bearer of a token that no authenticator can verify asks who it is",
      "sa-verification/signature",
      "sa-verification/expiry",
      "sa-verification/audience",
      "sa-verification/dies-with-its-pod",
      "sa-verification/dies-with-its-account",
      "sa-issuance/signers",
      "sa-issuance/legacy-token",
    ],
    live: addCredulousWebhook,
  }),
  mutant({
    id: "anybody-reads-token-keys",
    does: "lets anonymous users read the published key set",
    breaks: ["sa-verification/published-key"],
    live: (lab) =>
      grant(lab, [{ nonResourceURLs: ["/openid/*"], verbs: ["get"] }], {
        kind: "Group",
        name: "system:unauthenticated",
      }),
  }),
  mutant({
    id: "token-checks-off",
    does: "sets `--service-account-lookup=false` and a second audience in `--api-audiences` on the API server",
    breaks: ["sa-verification/audience", "sa-issuance/legacy-token"],
    patch: `
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          api-audiences: https://kubernetes.default.svc.cluster.local,planeproof
          service-account-lookup: "false"
    `,
  }),
];

async function trustAnotherKey(lab: Lab): Promise<Undo> {
  const { node, cluster } = lab;
  const path = await argumentOf(node, "kube-apiserver", "service-account-key-file");
  const key = await readFile(node, cluster.pki("apiserver.key"));
  const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" });
  const restart = async () => {
    await restartComponent(node, "kube-apiserver");
    await apiServerReady(lab);
  };
  return editFile(node, path ?? "", (text) => `${text.trimEnd()}\n${publicKey}`, restart);
}
