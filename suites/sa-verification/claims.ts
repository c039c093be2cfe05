import { authenticate, claimsOf, forge, nobody, publicKeyId, tokenKeys } from "../../harness/credentials.ts";
import { idlePod, serviceAccount, tokenRequest } from "../../harness/fixtures.ts";
import { claim, type Exchange, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { eventuallyRefused, type UserInfo } from "../../harness/probes.ts";

const managing = (section: string, anchor: string) =>
  kubernetes(section, `reference/access-authn-authz/service-accounts-admin/#${anchor}`);

/** A fresh account, the claims of a genuine token of its, and what is needed to sign such claims as the API server does. */
async function accountWithClaims(lab: Lab) {
  const account = await serviceAccount(lab);
  const genuine = account.identity.token ?? "";
  const keys = await tokenKeys(lab);
  /** Genuine claims under the true key, with an id of their own: what was accepted once is believed for 10 s. */
  const afresh = (claims = claimsOf(genuine)) =>
    forge.signed({ ...claims, jti: crypto.randomUUID() }, keys.signing);
  return { account, genuine, claims: claimsOf(genuine), keys, afresh };
}

const accepted = (user: string) => ({
  shows: `the user ${user}`,
  where: ({ username }: UserInfo) => username === user,
});

const by401 = (reason: RegExp) => ({ status: 401, reason });

claim(
  "sa-verification/signature",
  {
    says: "Only the key whose public half --service-account-key-file names makes tokens: no other key, no key at all, and not the public half itself",
    documented: slide("Service account tokens"),
  },
  async (lab) => {
    const { account, genuine, claims, keys, afresh } = await accountWithClaims(lab);
    const another = await lab.credentials.file(lab.cluster.pki("apiserver.key"));
    const unverified = by401(/error in cryptographic primitive/);
    // From 1.31 on a key id that the API server does not know ends the search for a key (pkg/serviceaccount/jwt.go).
    const unknownKey = lab.cluster.version.atLeast("1.31") ? by401(/no keys found/) : unverified;
    return {
      works: [
        works<UserInfo>(
          "the genuine claims, signed anew with the true key",
          async () => authenticate(lab, await afresh()),
          accepted(account.user),
        ),
      ],
      refused: [
        refused(
          "under a stranger's key",
          async () => authenticate(lab, await forge.otherKey(genuine), "a forgery under another key"),
          "authentication",
          unverified,
        ),
        refused(
          "under the key of the API server's certificate",
          async () =>
            authenticate(lab, await forge.signed(claims, another), "a forgery under another of its keys"),
          "authentication",
          unknownKey,
        ),
        refused(
          "under no key (alg none)",
          async () => authenticate(lab, forge.algNone(genuine), "a forgery without a signature"),
          "authentication",
          unverified,
        ),
        refused(
          "with the public key as an HMAC secret (HS256)",
          async () =>
            authenticate(
              lab,
              await forge.hmacWithPublicKey(genuine, keys.verifying),
              "a forgery under HS256",
            ),
          "authentication",
          unverified,
        ),
      ],
    };
  },
);

claim(
  "sa-verification/expiry",
  {
    says: "A token that is truly signed is worth nothing once its time is over",
    documented: slide("Service account tokens"),
  },
  async (lab) => {
    const { account, claims, keys, afresh } = await accountWithClaims(lab);
    return {
      works: [
        works<UserInfo>(
          "within its time",
          async () => authenticate(lab, await afresh()),
          accepted(account.user),
        ),
      ],
      refused: [
        refused(
          "120 s after its end",
          async () => authenticate(lab, await forge.expired(claims, keys.signing, 120), "an expired token"),
          "authentication",
          by401(/service account token has expired/),
        ),
      ],
    };
  },
);

claim(
  "sa-verification/audience",
  {
    says: "A token for somebody else's audience is no credential for the API server, however truly it is signed",
    documented: managing("Bound service account tokens", "bound-service-account-tokens"),
  },
  async (lab) => {
    const { account, claims, keys, afresh } = await accountWithClaims(lab);
    return {
      works: [
        works<UserInfo>(
          "for the API server's audience",
          async () => authenticate(lab, await afresh()),
          accepted(account.user),
        ),
      ],
      refused: [
        refused(
          "for the audience planeproof",
          async () =>
            authenticate(
              lab,
              await forge.audience(claims, keys.signing, "planeproof"),
              "a token for planeproof",
            ),
          "authentication",
          by401(/token audiences \["planeproof"\] is invalid for the target audiences/),
        ),
      ],
    };
  },
);

claim(
  "sa-verification/dies-with-its-pod",
  {
    says: "A token that is bound to a pod dies when the pod is deleted, long before its time",
    documented: managing("Bound service account tokens", "bound-service-account-tokens"),
  },
  async (lab) => {
    const { account, afresh } = await accountWithClaims(lab);
    const boundTo = async () => {
      const { metadata } = await idlePod(lab, { serviceAccount: account.name, scheduler: "nobody" });
      const { name = "", uid = "" } = metadata ?? {};
      const wanted = { ...account, boundTo: { apiVersion: "v1", kind: "Pod", name, uid } };
      return { name, claims: claimsOf(tokenIn(await tokenRequest(await lab.admin(), wanted))) };
    };
    const [living, doomed] = await Promise.all([boundTo(), boundTo()]);
    const { core } = (await lab.admin()).clients;
    await core.deleteNamespacedPod({
      name: doomed.name,
      namespace: account.namespace,
      gracePeriodSeconds: 0,
    });
    return {
      works: [
        works<UserInfo>(
          "while its pod is there",
          async () => authenticate(lab, await afresh(living.claims)),
          accepted(account.user),
        ),
      ],
      refused: [
        refused(
          "after its pod was deleted",
          () => eventuallyRefused(async () => authenticate(lab, await afresh(doomed.claims))),
          "authentication",
          by401(/service account token has been invalidated/),
        ),
      ],
    };
  },
);

claim(
  "sa-verification/dies-with-its-account",
  {
    says: "A token dies with its account, and an account of the same name that is made later does not revive it",
    documented: managing("Bound service account tokens", "bound-service-account-tokens"),
  },
  async (lab) => {
    const [living, deleted, remade] = await Promise.all([
      accountWithClaims(lab),
      accountWithClaims(lab),
      accountWithClaims(lab),
    ]);
    const { core } = (await lab.admin()).clients;
    for (const { account } of [deleted, remade]) await core.deleteNamespacedServiceAccount(account);
    const { name, namespace } = remade.account;
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
    const newcomer = claimsOf(tokenIn(await tokenRequest(await lab.admin(), remade.account)));
    return {
      works: [
        works<UserInfo>(
          "while its account is there",
          async () => authenticate(lab, await living.afresh()),
          accepted(living.account.user),
        ),
        works<UserInfo>(
          "the later account's own",
          async () => authenticate(lab, await remade.afresh(newcomer)),
          accepted(remade.account.user),
        ),
      ],
      refused: [
        refused(
          "after its account was deleted",
          () => eventuallyRefused(async () => authenticate(lab, await deleted.afresh())),
          "authentication",
          by401(/serviceaccounts "[^"]+" not found|has been deleted/),
        ),
        refused(
          "after its account was deleted and made again",
          () => eventuallyRefused(async () => authenticate(lab, await remade.afresh())),
          "authentication",
          by401(/service account UID \(.+\) does not match claim/),
        ),
      ],
    };
  },
);

claim(
  "sa-verification/published-key",
  {
    says: "The key that others may verify tokens with is published: the signing key's public half alone, named by its SHA-256; only for those who show who they are",
    documented: kubernetes(
      "ServiceAccount issuer discovery",
      "tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery",
    ),
  },
  async (lab) => {
    const { account, keys } = await accountWithClaims(lab);
    const id = publicKeyId(keys.signing);
    const path = "/openid/v1/jwks";
    return {
      works: [
        works<{ keys: { kid: string }[] }>(
          "a service account reads the key set",
          () => lab.api(account.identity).request({ path }),
          { shows: `the key ${id} alone`, where: ({ keys }) => keys.map(({ kid }) => kid).join() === id },
        ),
      ],
      refused: [
        refused("nobody reads the key set", () => lab.api(nobody).request({ path }), "authorization", {
          status: 403,
          reason: /User "system:anonymous" cannot get path "\/openid\/v1\/jwks"/,
        }),
      ],
    };
  },
);

/** The token that a TokenRequest was answered with. */
function tokenIn({ outcome }: Exchange): string {
  return outcome.kind === "accepted" ? String(outcome.data) : "";
}
