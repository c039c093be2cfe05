import { claimsOf, forge, publicKeyId } from "../../harness/credentials.ts";
import type { MadeServiceAccount } from "../../harness/fixtures.ts";
import type { ApiServer, Lab } from "../../harness/index.ts";
import type { UserInfo } from "../../harness/probes.ts";

/** For each API server, somebody who shows it an account's tokens: genuine ones, and others that its own key signs. */
export function bearers(lab: Lab, account: MadeServiceAccount) {
  return Promise.all(lab.apiServers.map((apiServer) => bearer(apiServer, account)));
}

async function bearer(apiServer: ApiServer, { identity: { token: genuine } }: MadeServiceAccount) {
  const [signing, verifying] = await Promise.all([
    apiServer.fileOf("service-account-signing-key-file"),
    apiServer.tokenKeys(),
  ]);
  const claims = claimsOf(genuine);
  return {
    node: apiServer.node,
    apiServer,
    /** A genuine token, and its claims. */
    genuine,
    claims,
    /** The key that the API server signs with, and its public half among the keys that it verifies by. */
    signing,
    verifying: verifying.find((key) => publicKeyId(key) === publicKeyId(signing)) ?? "",
    /** Claims under the true key, with an id of their own: a token that was accepted once is believed for 10 s. */
    fresh: (said = claims) => forge.signed({ ...said, jti: crypto.randomUUID() }, signing),
    /** Shows a token; `label` says what it is, for the report. */
    shows: async (token: string | Promise<string>, label?: string) =>
      apiServer.authenticate(await token, label),
  };
}

export const itsUser = ({ user }: MadeServiceAccount) => ({
  shows: `the user ${user}`,
  where: ({ username }: UserInfo) => username === user,
});
