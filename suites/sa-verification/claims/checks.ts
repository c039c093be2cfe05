import { forge, nobody, publicKeyId } from "../../../harness/credentials.ts";
import { serviceAccount } from "../../../harness/fixtures.ts";
import { claim, kubernetes, onEach, refused, slide, unauthorized, works } from "../../../harness/index.ts";
import { bearers, itsUser } from "../bearers.ts";

const configuring = (section: string, anchor: string) =>
  kubernetes(section, `tasks/configure-pod-container/configure-service-account/#${anchor}`);

claim(
  "sa-verification/signature",
  {
    says: "The API server verifies tokens by --service-account-key-file, and refuses another key, no signature, or an HMAC by that file",
    documented: slide("Service account tokens"),
    touches: "own-objects",
  },
  async (lab) => {
    const account = await serviceAccount(lab);
    const unverified = unauthorized(/error in cryptographic primitive/);
    // From 1.31 on a key id that the API server does not know ends the search for a key (pkg/serviceaccount/jwt.go).
    const unknownKey = lab.cluster.version.atLeast("1.31") ? unauthorized(/no keys found/) : unverified;
    return onEach(await bearers(lab, account), async (bearer) => {
      const { genuine, claims, fresh, shows } = bearer;
      const another = await bearer.apiServer.fileOf("tls-private-key-file");
      return {
        works: [
          works("a bearer shows genuine claims under the true key", () => shows(fresh()), itsUser(account)),
        ],
        refused: [
          refused(
            "a bearer shows them under a stranger's key",
            () => shows(forge.otherKey(genuine), "a forgery under another key"),
            unverified,
          ),
          refused(
            "a bearer shows them under the key of the API server's certificate",
            () => shows(forge.signed(claims, another), "a forgery under another of its keys"),
            unknownKey,
          ),
          refused(
            "a bearer shows them without a signature (alg none)",
            () => shows(forge.algNone(genuine), "a forgery without a signature"),
            unverified,
          ),
          refused(
            "a bearer shows them with the public key as HMAC secret (HS256)",
            () => shows(forge.hmacWithPublicKey(genuine, bearer.verifying), "a forgery under HS256"),
            unverified,
          ),
        ],
      };
    });
  },
);

claim(
  "sa-verification/expiry",
  {
    says: "The API server refuses a correctly signed token once it has expired",
    documented: kubernetes(
      "Managing Service Accounts, Bound service account token volume mechanism",
      "reference/access-authn-authz/service-accounts-admin/#bound-service-account-token-volume",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const account = await serviceAccount(lab);
    return onEach(await bearers(lab, account), ({ claims, signing, fresh, shows }) => ({
      works: [works("a bearer shows a token before it expires", () => shows(fresh()), itsUser(account))],
      refused: [
        refused(
          "a bearer shows a token that expired 120 s ago",
          () => shows(forge.expired(claims, signing, 120), "an expired token"),
          unauthorized(/service account token has expired/),
        ),
      ],
    }));
  },
);

claim(
  "sa-verification/audience",
  {
    says: "The API server refuses a correctly signed token for another audience",
    documented: configuring(
      "ServiceAccount token volume projection",
      "serviceaccount-token-volume-projection",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const account = await serviceAccount(lab);
    return onEach(await bearers(lab, account), ({ claims, signing, fresh, shows }) => ({
      works: [
        works("a bearer shows a token for the API server's audience", () => shows(fresh()), itsUser(account)),
      ],
      refused: [
        refused(
          "a bearer shows a token for the audience planeproof",
          () => shows(forge.audience(claims, signing, "planeproof"), "a token for planeproof"),
          unauthorized(/token audiences \["planeproof"\] is invalid for the target audiences/),
        ),
      ],
    }));
  },
);

claim(
  "sa-verification/published-key",
  {
    says: "The API server publishes its tokens' public keys, named by SHA-256, to service accounts and not to anonymous callers",
    documented: configuring("Service account issuer discovery", "service-account-issuer-discovery"),
    touches: "own-objects",
  },
  async (lab) => {
    const { identity } = await serviceAccount(lab);
    const path = "/openid/v1/jwks";
    return onEach(lab.apiServers, async (apiServer) => {
      const ids = (await apiServer.tokenKeys()).map(publicKeyId).sort();
      const signing = publicKeyId(await apiServer.fileOf("service-account-signing-key-file"));
      return {
        works: [
          works(
            "a service account reads the key set",
            () => apiServer.request<{ keys: { kid: string }[] }>(identity, { path }),
            {
              shows: `the key ${signing}, and of others those of --service-account-key-file only`,
              where: ({ keys }) => {
                const published = keys.map(({ kid }) => kid).sort();
                return published.includes(signing) && published.join() === ids.join();
              },
            },
          ),
        ],
        refused: [
          refused(
            "a caller without a credential reads the key set",
            () => apiServer.request(nobody, { path }),
            await apiServer.refusesAnonymous(path),
          ),
        ],
      };
    });
  },
);
