import { claimsOf, forge, headerOf, publicKeyId } from "../../../harness/credentials.ts";
import { issuedToken, serviceAccount, tokenRequest } from "../../../harness/fixtures.ts";
import {
  type ApiServer,
  claim,
  forbidden,
  invalid,
  invariant,
  kubernetes,
  onEach,
  refused,
  slide,
  together,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { mapAnswer, type UserInfo } from "../../../harness/probes.ts";
import { legacyToken } from "../tokens.ts";

const itsUser = (user: string) => ({
  shows: `the user ${user}`,
  where: ({ username }: UserInfo) => username === user,
});

claim(
  "sa-issuance/no-token-by-itself",
  {
    says: "Each time a service account is created, the controller manager generates a token for it",
    documented: slide("Service account tokens"),
    outdated: {
      since: "1.24",
      now: "a new account has no token: the API server issues one on request, and the controller manager writes one only into a Secret that somebody creates for it",
    },
    touches: "own-objects",
  },
  async (lab) => {
    const administrator = await lab.administrator();
    const account = await serviceAccount(lab);
    const { name, namespace, user, identity } = account;
    // Made later than the account: once the controller manager has filled it, it had its chance to create one itself.
    const { token } = await legacyToken(lab, account);
    return onEach(lab.apiServers, async (apiServer) => {
      const asItself = await apiServer.api(identity);
      const itsSecrets = () =>
        apiServer.call(administrator, async ({ core }) => {
          const { items } = await core.listNamespacedSecret({ namespace });
          const owner = "kubernetes.io/service-account.name";
          return items.filter(({ metadata }) => metadata?.annotations?.[owner] === name).length;
        });
      return {
        works: [
          works("the administrator lists the new account's Secrets", itsSecrets, {
            shows: "the hand-made one only",
            where: (count) => count === 1,
          }),
          works(
            "the administrator reads the new account",
            () =>
              apiServer.call(administrator, ({ core }) =>
                core.readNamespacedServiceAccount({ name, namespace }),
              ),
            { shows: "no Secret listed in it", where: ({ secrets }) => !secrets?.length },
          ),
          works(
            "a bearer shows a requested token",
            () => apiServer.authenticate(identity.token),
            itsUser(user),
          ),
          works(
            "a bearer shows the token that the controller manager wrote into the hand-made Secret",
            () => apiServer.authenticate(token),
            itsUser(user),
          ),
        ],
        refused: [
          refused(
            "the account requests a token for itself",
            () => tokenRequest(asItself, { name, namespace }),
            forbidden("create", "serviceaccounts/token", { user }),
          ),
        ],
      };
    });
  },
);

/** Shows a token to an API server; the answer says by which algorithm and under which key's id it is signed. */
async function signatureOf(apiServer: ApiServer, token: string) {
  const signature = headerOf(token);
  return mapAnswer(await apiServer.authenticate(token), () => ({
    data: signature,
    summary: `accepted; signed by ${signature.alg} under the key ${signature.kid}`,
  }));
}

/** The signature that a key makes: Kubernetes chooses the algorithm by the key. */
async function signatureBy(key: string, token: string) {
  const expected = headerOf(await forge.signed(claimsOf(token), key));
  return {
    shows: `signed by ${expected.alg} under the key ${publicKeyId(key)}`,
    where: ({ alg, kid }: ReturnType<typeof headerOf>) => alg === expected.alg && kid === expected.kid,
  };
}

claim(
  "sa-issuance/signers",
  {
    says: "The API server signs tokens with --service-account-signing-key-file, the controller manager with --service-account-private-key-file, by that key's algorithm",
    documented: kubernetes(
      "ServiceAccount token volume projection",
      "tasks/configure-pod-container/configure-service-account/#serviceaccount-token-volume-projection",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const administrator = await lab.administrator();
    const account = await serviceAccount(lab);
    const legacy = await legacyToken(lab, account);
    const requested = onEach(lab.apiServers, async (apiServer) => {
      const [signing, verifying, token] = await Promise.all([
        apiServer.fileOf("service-account-signing-key-file"),
        apiServer.tokenKeys(),
        apiServer.api(administrator).then((api) => issuedToken(api, account)),
      ]);
      const own = verifying.find((key) => publicKeyId(key) === headerOf(token).kid) ?? "";
      const forged = await forge.hmacWithPublicKey(token, own);
      return {
        works: [
          works(
            "a bearer shows a requested token",
            () => signatureOf(apiServer, token),
            await signatureBy(signing, token),
          ),
        ],
        refused: [
          refused(
            "a bearer shows its claims by another algorithm (HS256), under the public key",
            () => apiServer.authenticate(forged, "a forgery under HS256"),
            unauthorized(/error in cryptographic primitive/),
          ),
        ],
      };
    });
    const written = onEach(lab.controllerManagers, async (controllerManager) => {
      const key = await controllerManager.fileOf("service-account-private-key-file");
      const apiServer = lab.apiServerOn(controllerManager.node);
      return {
        works: [
          works(
            "a bearer shows a token that the controller manager wrote into a Secret",
            () => signatureOf(apiServer, legacy.token),
            await signatureBy(key, legacy.token),
          ),
        ],
      };
    });
    return together(requested, written);
  },
);

claim(
  "sa-issuance/request-limits",
  {
    says: "Requesting a token takes `create` on serviceaccounts/token; its lifetime is at least 600 s",
    documented: kubernetes(
      "RBAC Good Practices, Token request",
      "concepts/security/rbac-good-practices/#token-request",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const [account, requester, bystander] = await Promise.all([
      serviceAccount(lab),
      serviceAccount(lab, {
        may: [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }],
      }),
      serviceAccount(lab),
    ]);
    const shortest = 600;
    return onEach(lab.apiServers, (apiServer) => {
      const requestedBy = async ({ identity }: typeof requester, expirationSeconds: number) =>
        tokenRequest(await apiServer.api(identity), { ...account, expirationSeconds });
      return {
        works: [
          works(
            "an account with that right requests a token for 600 s",
            () => requestedBy(requester, shortest),
            {
              shows: `a token that lasts ${shortest} s`,
              where: (token) => {
                const { exp = 0, iat = 0 } = claimsOf(token);
                return exp - iat === shortest;
              },
            },
          ),
        ],
        refused: [
          invariant(
            refused(
              "an account with that right requests a token for 599 s",
              () => requestedBy(requester, shortest - 1),
              invalid(
                422,
                /spec\.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes/,
              ),
            ),
            "the API validates the minimum of 10 minutes (pkg/apis/authentication/validation)",
          ),
          refused(
            "an account without that right requests a token for 600 s",
            () => requestedBy(bystander, shortest),
            forbidden("create", "serviceaccounts/token", { user: bystander.user }),
          ),
        ],
      };
    });
  },
);
