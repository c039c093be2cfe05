import { claimsOf } from "../../../harness/credentials.ts";
import { idlePod, issuedToken, serviceAccount } from "../../../harness/fixtures.ts";
import { claim, kubernetes, onEach, refused, unauthorized, works } from "../../../harness/index.ts";
import { eventuallyAccepted, eventuallyRefused } from "../../../harness/probes.ts";
import { bearers, itsUser } from "../bearers.ts";

const boundTokens = kubernetes(
  "Managing Service Accounts, Bound service account tokens",
  "reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens",
);

claim(
  "sa-verification/dies-with-its-pod",
  {
    says: "The API server refuses a token that is bound to a pod once the pod is deleted",
    documented: boundTokens,
    touches: "own-objects",
  },
  async (lab) => {
    const [admin, account] = await Promise.all([lab.admin(), serviceAccount(lab)]);
    const everywhere = await bearers(lab, account);
    const pod = await idlePod(lab, { serviceAccount: account.name, scheduler: "nobody" });
    const { name, namespace, uid } = pod;
    const boundTo = { apiVersion: "v1", kind: "Pod", name, uid };
    const bound = claimsOf(await issuedToken(admin, { ...account, boundTo }));
    const { core } = admin.clients;
    return {
      ...(await onEach(everywhere, ({ fresh, shows }) => ({
        works: [
          works("a bearer shows a token bound to the pod", () => shows(fresh(bound)), itsUser(account)),
        ],
      }))),
      afterwards: {
        what: "the pod is deleted",
        change: () => core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }),
        ...(await onEach(everywhere, ({ fresh, shows }) => ({
          refused: [
            refused(
              "a bearer shows a token bound to the pod",
              () => eventuallyRefused(() => shows(fresh(bound))),
              unauthorized(/service account token has been invalidated/),
            ),
          ],
        }))),
      },
    };
  },
);

claim(
  "sa-verification/dies-with-its-account",
  {
    says: "A token dies with its account; a later account of the same name does not revive it",
    documented: boundTokens,
    touches: "own-objects",
  },
  async (lab) => {
    const [admin, account] = await Promise.all([lab.admin(), serviceAccount(lab)]);
    const everywhere = await bearers(lab, account);
    const { name, namespace } = account;
    const { core } = admin.clients;
    return {
      ...(await onEach(everywhere, ({ fresh, shows }) => ({
        works: [works("a bearer shows a token of the account", () => shows(fresh()), itsUser(account))],
      }))),
      afterwards: {
        what: "the account is deleted",
        change: () => core.deleteNamespacedServiceAccount({ name, namespace }),
        ...(await onEach(everywhere, ({ fresh, shows }) => ({
          refused: [
            refused(
              "a bearer shows a token of the account",
              () => eventuallyRefused(() => shows(fresh())),
              unauthorized(/serviceaccounts "[^"]+" not found|has been deleted/),
            ),
          ],
        }))),
        afterwards: {
          what: "an account of the same name is created",
          change: () => core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } }),
          ...(await onEach(everywhere, ({ fresh, shows }) => ({
            works: [
              works(
                "a bearer shows a token of the new account",
                () => eventuallyAccepted(() => shows(issuedToken(admin, { name, namespace }))),
                itsUser(account),
              ),
            ],
            refused: [
              refused(
                "a bearer shows a token of the old account",
                () => eventuallyRefused(() => shows(fresh())),
                unauthorized(/service account UID \(.+\) does not match claim/),
              ),
            ],
          }))),
        },
      },
    };
  },
);
