import { claimsOf } from "../../../harness/credentials.ts";
import { idlePod, serviceAccount, startsPods, tokenRequest } from "../../../harness/fixtures.ts";
import {
  type ApiServer,
  claim,
  invalid,
  invariant,
  kubernetes,
  onEach,
  refused,
  serverNotTrusted,
  together,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import {
  AFTER_TOKEN_CACHE,
  eventuallyAccepted,
  eventuallyRefused,
  mapAnswer,
  until,
  untilShown,
} from "../../../harness/probes.ts";
import { legacyToken, podWithToken } from "../tokens.ts";

const managing = (section: string, anchor: string) =>
  kubernetes(
    `Managing Service Accounts, ${section}`,
    `reference/access-authn-authz/service-accounts-admin/#${anchor}`,
  );

/** Shows a token to an API server; the answer is what the token claims. */
async function acceptedClaims(apiServer: ApiServer, token: string) {
  return mapAnswer(await apiServer.authenticate(token), () => ({ data: claimsOf(token) }));
}

claim(
  "sa-issuance/pod-token",
  {
    says: "A pod's token is for the API server, expires, and names its pod, account and (since 1.30) node",
    documented: managing(
      "Bound service account token volume mechanism",
      "bound-service-account-token-volume",
    ),
    touches: "own-objects",
    preconditions: startsPods,
  },
  async (lab) => {
    const { core } = (await lab.admin()).clients;
    const mounted = onEach(lab.kubelets, async (kubelet) => {
      const apiServer = lab.apiServerOn(lab.node);
      const { pod, token } = await podWithToken(lab, kubelet);
      const [account, node, [issuer], audiences] = await Promise.all([
        core.readNamespacedServiceAccount({ name: "default", namespace: pod.namespace }),
        core.readNode({ name: kubelet.node.name }),
        apiServer.issuers(),
        apiServer.audiences(),
      ]);
      return {
        works: [
          works("a pod shows the token that its kubelet mounted", () => acceptedClaims(apiServer, token), {
            shows: `iss ${issuer}, aud ${audiences.join(", ")}, an end, the UIDs of pod and account`,
            where: ({ iss, aud, exp, "kubernetes.io": bound }) =>
              iss === issuer &&
              [aud].flat().join() === audiences.join() &&
              (exp ?? 0) > Date.now() / 1000 &&
              bound?.pod?.uid === pod.uid &&
              bound?.serviceaccount?.uid === account.metadata?.uid,
          }),
          ...(lab.cluster.version.atLeast("1.30")
            ? [
                works(
                  "a pod shows the token that its kubelet mounted",
                  () => acceptedClaims(apiServer, token),
                  {
                    shows: "an id, and the UID of the node",
                    where: ({ jti, "kubernetes.io": bound }) =>
                      Boolean(jti) && bound?.node?.uid === node.metadata?.uid,
                  },
                ),
              ]
            : []),
        ],
      };
    });
    const [pod, stranger, administrator] = await Promise.all([
      idlePod(lab, { scheduler: "nobody" }),
      serviceAccount(lab),
      lab.administrator(),
    ]);
    const itsAccount = { name: "default", namespace: pod.namespace };
    const requested = onEach(lab.apiServers, async (apiServer) => {
      const api = await apiServer.api(administrator);
      const boundTo = (uid: string) => ({ boundTo: { apiVersion: "v1", kind: "Pod", name: pod.name, uid } });
      return {
        works: [
          works("the administrator requests a token of a pod's account, bound to the pod", () =>
            tokenRequest(api, { ...itsAccount, ...boundTo(pod.uid) }),
          ),
        ],
        refused: [
          invariant(
            refused(
              "the administrator requests a token of another account, bound to the pod",
              () => tokenRequest(api, { ...stranger, ...boundTo(pod.uid) }),
              invalid(400, /to pod running with different serviceaccount name/),
            ),
            "the token registry compares account and pod (pkg/registry/core/serviceaccount/storage)",
          ),
          invariant(
            refused(
              "the administrator requests one bound to another pod of that name (another UID)",
              () => tokenRequest(api, { ...itsAccount, ...boundTo(crypto.randomUUID()) }),
              invalid(409, /the UID in the bound object reference \(.+\) does not match the UID in record/),
            ),
            "the token registry compares the UIDs (pkg/registry/core/serviceaccount/storage)",
          ),
        ],
      };
    });
    return together(mounted, requested);
  },
);

claim(
  "sa-issuance/legacy-token",
  {
    says: "The token in a hand-made Secret does not expire, and dies with its Secret or its account",
    documented: managing(
      "Manual Secret management for ServiceAccounts",
      "manual-secret-management-for-serviceaccounts",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const { core } = (await lab.admin()).clients;
    const [living, doomed] = await Promise.all([serviceAccount(lab), serviceAccount(lab)]);
    // A token that was accepted once is believed for 10 s: those that are to die are shown only when they are dead.
    const [kept, discarded, orphaned] = await Promise.all([
      legacyToken(lab, living),
      legacyToken(lab, living),
      legacyToken(lab, doomed),
    ]);
    const { namespace } = living;
    const refusedEverywhere = (token: string) =>
      onEach(lab.apiServers, (apiServer) => ({
        refused: [
          refused(
            "a bearer shows its token",
            () => eventuallyRefused(() => apiServer.authenticate(token), AFTER_TOKEN_CACHE),
            unauthorized(/Token has been invalidated/),
          ),
        ],
      }));
    return {
      ...(await onEach(lab.apiServers, (apiServer) => ({
        works: [
          works(
            "a bearer shows a Secret's token",
            // The API server compares it with its own copy of the Secret, of which it learns by a watch.
            () => eventuallyAccepted(() => acceptedClaims(apiServer, kept.token)),
            {
              shows: `the subject ${living.user}, and no end`,
              where: ({ sub, exp }) => sub === living.user && exp === undefined,
            },
          ),
        ],
      }))),
      afterwards: {
        what: "another Secret of the account is deleted",
        change: () => core.deleteNamespacedSecret({ name: discarded.secret, namespace }),
        ...(await refusedEverywhere(discarded.token)),
        afterwards: {
          what: "another account is deleted, and with it its Secret",
          change: async () => {
            await core.deleteNamespacedServiceAccount({ name: doomed.name, namespace });
            await until("the controller manager to delete the Secret of the deleted account", async () => {
              const { items } = await core.listNamespacedSecret({ namespace });
              return items.every(({ metadata }) => metadata?.name !== orphaned.secret);
            });
          },
          ...(await refusedEverywhere(orphaned.token)),
        },
      },
    };
  },
);

claim(
  "sa-issuance/root-ca-published",
  {
    says: "The controller manager publishes the CA of --root-ca-file in every namespace, and pods verify the API server by it",
    documented: managing(
      "Bound service account token volume mechanism",
      "bound-service-account-token-volume",
    ),
    touches: "own-objects",
  },
  async (lab) => {
    const [api, namespace, { identity }] = await Promise.all([
      lab.admin(),
      lab.namespace(),
      serviceAccount(lab),
    ]);
    const name = "kube-root-ca.crt";
    const { data } = await until(`config map ${name} of namespace ${namespace}`, () =>
      api.clients.core.readNamespacedConfigMap({ name, namespace }),
    );
    const published = data?.["ca.crt"] ?? "";
    const [administrator, etcdCa] = await Promise.all([
      lab.administrator(),
      lab.credentials.pem("etcd/ca.crt"),
    ]);
    return onEach(lab.controllerManagers, async (controllerManager) => {
      const apiServer = lab.apiServerOn(controllerManager.node);
      const rootCa = await controllerManager.fileOf("root-ca-file");
      const without = () =>
        apiServer.call(administrator, async ({ core }) => {
          const [namespaces, configMaps] = await Promise.all([
            core.listNamespace(),
            core.listConfigMapForAllNamespaces({ fieldSelector: `metadata.name=${name}` }),
          ]);
          const having = configMaps.items
            .filter(({ data }) => data?.["ca.crt"] === rootCa)
            .map(({ metadata }) => metadata?.namespace);
          return namespaces.items
            .filter(({ metadata }) => !metadata?.deletionTimestamp)
            .map(({ metadata }) => metadata?.name)
            .filter((namespace) => !having.includes(namespace));
        });
      return {
        works: [
          works(
            `the administrator reads ${name} of every namespace`,
            () => untilShown(without, (namespaces) => namespaces.length === 0),
            {
              shows: "the CA of --root-ca-file in each",
              where: (namespaces) => namespaces.length === 0,
            },
          ),
          works("a service account verifies the API server by that CA", () =>
            apiServer.get(identity, "/api", { trust: published }),
          ),
        ],
        refused: [
          refused(
            "a service account verifies the API server by etcd's CA",
            () => apiServer.get(identity, "/api", { trust: etcdCa }),
            serverNotTrusted(),
          ),
        ],
      };
    });
  },
);
