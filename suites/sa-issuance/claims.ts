import {
  authenticate,
  byToken,
  claimsOf,
  forge,
  headerOf,
  publicKeyId,
  tokenKeys,
} from "../../harness/credentials.ts";
import { idlePod, legacyToken, podWithToken, serviceAccount, tokenRequest } from "../../harness/fixtures.ts";
import { claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { argumentOf } from "../../harness/nodes.ts";
import { Api, type UserInfo, until, whoAmI } from "../../harness/probes.ts";

const TOKENS = "Service account tokens";

/** Whoever may request tokens for service accounts. */
const tokenRequester = (lab: Lab) =>
  serviceAccount(lab, {
    may: [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }],
  });

const accepted = (user: string) => ({
  shows: `the user ${user}`,
  where: ({ username }: UserInfo) => username === user,
});

claim(
  "sa-issuance/no-token-by-itself",
  {
    says: "Each time a service account is created, the controller manager generates a token for it",
    documented: slide(TOKENS),
    outdated: {
      since: "1.24",
      now: "a new account has no token and no Secret; a token is requested from the API server, and the controller manager writes one only into a Secret that somebody makes for it",
    },
  },
  async (lab) => {
    const api = await lab.admin();
    const account = await serviceAccount(lab);
    // Made later than the account: once the controller manager has filled it, it had its chance to make one by itself.
    const { token } = await legacyToken(lab, account);
    const { name, namespace } = account;
    const itsSecrets = () =>
      api.call(async ({ core }) => {
        const { items } = await core.listNamespacedSecret({ namespace });
        const owner = "kubernetes.io/service-account.name";
        return items.filter(({ metadata }) => metadata?.annotations?.[owner] === name).length;
      });
    const itsObject = () => api.call(({ core }) => core.readNamespacedServiceAccount({ name, namespace }));
    return {
      works: [
        works<number>("the Secrets of the new account", itsSecrets, {
          shows: "the hand-made one alone",
          where: (count) => count === 1,
        }),
        works<{ secrets?: unknown[] }>("the Secrets that the account lists", itsObject, {
          shows: "none",
          where: ({ secrets }) => !secrets?.length,
        }),
        works<UserInfo>(
          "the token that the controller manager wrote into the hand-made Secret",
          () => authenticate(lab, token),
          accepted(account.user),
        ),
      ],
      refused: [
        refused(
          "the account requests a token for itself",
          () => tokenRequest(lab.api(account.identity), account),
          "authorization",
          { status: 403, reason: /cannot create resource "serviceaccounts\/token"/ },
        ),
      ],
    };
  },
);

claim(
  "sa-issuance/signers",
  {
    says: "Tokens are signed with --service-account-signing-key-file of the API server, and by the controller manager with its --service-account-private-key-file, by the algorithm of that key",
    documented: slide(TOKENS),
  },
  async (lab) => {
    const account = await serviceAccount(lab);
    const requested = account.identity.token ?? "";
    const [{ signing, verifying }, path] = await Promise.all([
      tokenKeys(lab),
      argumentOf(lab.node, "kube-controller-manager", "service-account-private-key-file"),
    ]);
    const controllerManagers = await lab.credentials.file(path ?? "");
    const { token: legacy } = await legacyToken(lab, account);
    const signedLike = async (token: string, key: string) => {
      const [said, expected] = [headerOf(token), headerOf(await forge.signed(claimsOf(token), key))];
      const exchange = await authenticate(lab, token);
      if (exchange.outcome.kind !== "accepted") return exchange;
      const summary = `accepted; signed by ${said.alg} under the key ${said.kid}`;
      const data = said.alg === expected.alg && said.kid === expected.kid;
      return { ...exchange, outcome: { ...exchange.outcome, summary, data } };
    };
    const itsKey = (key: string) => ({
      shows: `signed under the key ${publicKeyId(key)}`,
      where: (same: boolean) => same,
    });
    return {
      works: [
        works("a requested token", () => signedLike(requested, signing), itsKey(signing)),
        works(
          "a token of a hand-made Secret",
          () => signedLike(legacy, controllerManagers),
          itsKey(controllerManagers),
        ),
      ],
      refused: [
        refused(
          "the same claims by another algorithm (HS256), under the public key",
          async () =>
            authenticate(lab, await forge.hmacWithPublicKey(requested, verifying), "a forgery under HS256"),
          "authentication",
          { status: 401, reason: /error in cryptographic primitive/ },
        ),
      ],
    };
  },
);

interface PodTokenClaims {
  aud?: string[];
  exp?: number;
  jti?: string;
  "kubernetes.io"?: {
    namespace?: string;
    pod?: { name?: string; uid?: string };
    serviceaccount?: { name?: string; uid?: string };
    node?: { name?: string; uid?: string };
  };
}

claim(
  "sa-issuance/pod-token",
  {
    says: "The token that a kubelet puts into a pod is for the API server alone, ends, and names its pod, its account and, from 1.30 on, its node and an id of its own",
    documented: kubernetes(
      "Bound service account tokens",
      "reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens",
    ),
  },
  async (lab) => {
    const api = await lab.admin();
    const { core } = api.clients;
    const { pod, token } = await podWithToken(lab);
    const { namespace = "", uid } = pod.metadata ?? {};
    const name = pod.spec?.serviceAccountName ?? "";
    const [account, node, issuer] = await Promise.all([
      core.readNamespacedServiceAccount({ name, namespace }),
      core.readNode({ name: lab.node.name }),
      argumentOf(lab.node, "kube-apiserver", "service-account-issuer"),
    ]);
    const saidByToken = async () => {
      const exchange = await whoAmI(lab.api(byToken(token)));
      return exchange.outcome.kind === "accepted"
        ? { ...exchange, outcome: { ...exchange.outcome, data: claimsOf(token) } }
        : exchange;
    };
    const idle = await idlePod(lab, { scheduler: "nobody" });
    const stranger = await serviceAccount(lab);
    const boundTo = (podUid: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      name: idle.metadata?.name ?? "",
      uid: podUid,
    });
    const idleAccount = { name: "default", namespace: stranger.namespace };
    return {
      works: [
        works<PodTokenClaims>("the token of a running pod", saidByToken, {
          shows: `aud ${issuer}, an end, the UIDs of pod and account`,
          where: ({ aud, exp, "kubernetes.io": bound }) =>
            aud?.join() === issuer &&
            (exp ?? 0) > Date.now() / 1000 &&
            bound?.pod?.uid === uid &&
            bound?.serviceaccount?.uid === account.metadata?.uid,
        }),
        ...(lab.cluster.version.atLeast("1.30")
          ? [
              works<PodTokenClaims>("the same token", saidByToken, {
                shows: "an id, and the UID of the node",
                where: ({ jti, "kubernetes.io": bound }) =>
                  Boolean(jti) && bound?.node?.uid === node.metadata?.uid,
              }),
            ]
          : []),
        works("a token requested for an idle pod, in its account's name", () =>
          tokenRequest(api, { ...idleAccount, boundTo: boundTo(idle.metadata?.uid ?? "") }),
        ),
      ],
      refused: [
        refused(
          "one for the same pod, in another account's name",
          () => tokenRequest(api, { ...stranger, boundTo: boundTo(idle.metadata?.uid ?? "") }),
          "validation",
          { status: 400, reason: /to pod running with different serviceaccount name/ },
        ),
        refused(
          "one for another pod of that name (another UID)",
          () => tokenRequest(api, { ...idleAccount, boundTo: boundTo(crypto.randomUUID()) }),
          "validation",
          {
            status: 409,
            reason: /the UID in the bound object reference \(.+\) does not match the UID in record/,
          },
        ),
      ],
    };
  },
);

claim(
  "sa-issuance/request-limits",
  {
    says: "A token is had by those who may request it, and for no less than 600 seconds",
    documented: kubernetes(
      "TokenRequest API",
      "reference/access-authn-authz/service-accounts-admin/#token-controller",
    ),
  },
  async (lab) => {
    const [account, requester, bystander] = await Promise.all([
      serviceAccount(lab),
      tokenRequester(lab),
      serviceAccount(lab),
    ]);
    const shortest = 600;
    const requestedBy = (who: typeof requester, expirationSeconds: number) =>
      tokenRequest(lab.api(who.identity), { ...account, expirationSeconds });
    return {
      works: [
        works<string>(`a requester asks for ${shortest} s`, () => requestedBy(requester, shortest), {
          shows: `a token that lasts ${shortest} s`,
          where: (token) => {
            const { exp = 0, iat = 0 } = claimsOf(token);
            return exp - iat === shortest;
          },
        }),
      ],
      refused: [
        refused(
          `a requester asks for ${shortest - 1} s`,
          () => requestedBy(requester, shortest - 1),
          "validation",
          {
            status: 422,
            reason:
              /spec\.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes/,
          },
        ),
        refused("an account without that right", () => requestedBy(bystander, shortest), "authorization", {
          status: 403,
          reason: /cannot create resource "serviceaccounts\/token"/,
        }),
      ],
    };
  },
);

claim(
  "sa-issuance/legacy-token",
  {
    says: "The token of a hand-made Secret has no end, but dies with its Secret, and with its account",
    documented: kubernetes(
      "Manual Secret management for ServiceAccounts",
      "reference/access-authn-authz/service-accounts-admin/#manual-secret-management-for-serviceaccounts",
    ),
  },
  async (lab) => {
    const { core } = (await lab.admin()).clients;
    const [living, doomed] = await Promise.all([serviceAccount(lab), serviceAccount(lab)]);
    const [kept, discarded, orphaned] = await Promise.all([
      legacyToken(lab, living),
      legacyToken(lab, living),
      legacyToken(lab, doomed),
    ]);
    const { namespace } = living;
    await core.deleteNamespacedSecret({ name: discarded.secret, namespace });
    await core.deleteNamespacedServiceAccount(doomed);
    // The controller manager takes the Secret away with the account; a token that was accepted before would be
    // believed for 10 s, so it is tried only then.
    await until("the Secret of the deleted account to go", () => gone(core, orphaned.secret, namespace));
    const bearer = async () => {
      const exchange = await authenticate(lab, kept.token);
      return exchange.outcome.kind === "accepted"
        ? { ...exchange, outcome: { ...exchange.outcome, data: claimsOf(kept.token) } }
        : exchange;
    };
    const dead = { status: 401, reason: /Token has been invalidated/ };
    return {
      works: [
        works<{ sub?: string; exp?: number }>("while its Secret is there", bearer, {
          shows: `the subject ${living.user}, and no end`,
          where: ({ sub, exp }) => sub === living.user && exp === undefined,
        }),
      ],
      refused: [
        refused(
          "after its Secret was deleted",
          () => authenticate(lab, discarded.token),
          "authentication",
          dead,
        ),
        refused(
          "after its account was deleted",
          () => authenticate(lab, orphaned.token),
          "authentication",
          dead,
        ),
      ],
    };
  },
);

async function gone(core: Api["clients"]["core"], name: string, namespace: string): Promise<boolean> {
  const { items } = await core.listNamespacedSecret({ namespace, fieldSelector: `metadata.name=${name}` });
  return items.length === 0;
}

claim(
  "sa-issuance/root-ca-published",
  {
    says: "The controller manager hands the CA of --root-ca-file to every namespace, and by it alone a pod knows the true API server",
    documented: slide(TOKENS),
  },
  async (lab) => {
    const api = await lab.admin();
    const namespace = await lab.namespace();
    const name = "kube-root-ca.crt";
    const rootCaFile = await argumentOf(lab.node, "kube-controller-manager", "root-ca-file");
    const { data } = await until(`config map ${name} of namespace ${namespace}`, () =>
      api.clients.core.readNamespacedConfigMap({ name, namespace }),
    );
    const [rootCa, etcdCa] = await Promise.all([
      lab.credentials.file(rootCaFile ?? ""),
      lab.credentials.pem("etcd/ca.crt"),
    ]);
    const { identity } = await serviceAccount(lab);
    const judgedBy = (caPem: string) => whoAmI(new Api({ ...api.server, caPem }, identity));
    return {
      works: [
        works<{ data?: Record<string, string> }>(
          `what ${name} says`,
          () => api.call(({ core }) => core.readNamespacedConfigMap({ name, namespace })),
          { shows: `the content of ${rootCaFile}`, where: ({ data }) => data?.["ca.crt"] === rootCa },
        ),
        works("the API server, judged by it", () => judgedBy(data?.["ca.crt"] ?? "")),
      ],
      refused: [
        refused("the API server, judged by another CA", () => judgedBy(etcdCa), "tls", {
          reason: /the client refuses the server's certificate/,
        }),
      ],
    };
  },
);
