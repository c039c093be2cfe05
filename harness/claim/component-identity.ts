import { type Identity, wrong } from "../identity/index.ts";
import type { Act, Acts } from "../lab/acts.ts";
import type { ApiClient, Controller } from "../lab/api-client.ts";
import type { ApiServer } from "../lab/api-server.ts";
import type { Lab } from "../lab/lab.ts";
import { nodeIdentity } from "../lab/node-identity.ts";
import { describeCertificate } from "../pki/index.ts";
import { untilShown } from "../probe/eventually.ts";
import { observation } from "../probe/observation.ts";
import { type Exchange, mapAnswer } from "../probe/outcome.ts";
import { forbidden, unauthorized } from "../probe/refusals.ts";
import { type Control, observed, refused, works } from "./control.ts";
import { onEach, together } from "./on-each.ts";

/**
 * The controls that each live instance of a component is the user whom its certificate names, in no group: the API server
 * beside it knows it by that name, its subject says so, and the same subject of a rogue CA is nobody.
 */
export async function certificateNamesUser(lab: Lab, instances: readonly Controller[], user: string) {
  const clusterCa = await lab.credentials.authority("ca");
  return onEach(instances, async (instance) => {
    const certificate = await instance.certificate();
    const apiServer = lab.apiServerOn(instance.node);
    const rogue = await wrong.rogueCa(certificate, clusterCa);
    const subject = async () => {
      const { cn, organizations } = describeCertificate(certificate.certificate.certPem).subject;
      const words = [`CN=${cn}`, ...organizations.map((group) => `O=${group}`)].join(", ");
      return observation(instance.node, `the certificate of ${instance.command}`, words, words);
    };
    return {
      works: [
        works(`the API server knows the live ${instance.command}`, () => apiServer.whoAmI(certificate), {
          shows: `the user ${user}, in no group but system:authenticated`,
          where: ({ username, groups }) => username === user && groups.join() === "system:authenticated",
        }),
      ],
      observed: [
        observed("the subject of its certificate", subject, {
          shows: `CN=${user}, without an O`,
          where: (words) => words === `CN=${user}`,
        }),
      ],
      refused: [
        refused(
          "a certificate with the same subject, of a rogue CA, calls the API server",
          () => apiServer.whoAmI(rogue),
          unauthorized(),
        ),
      ],
    };
  });
}

/** What a live component does, in words, and who it is to be. */
interface Doing {
  /** "the kubelet renews its Lease" */
  does: string;
  user: string;
  groups?: string[];
}

/**
 * The controls that a component did something as a user, by the certificate of its kubeconfig: of one of its instances, where
 * one of several leads. API servers tell of the certificate from 1.32 on (k8s.io/apiserver, request/x509/x509.go).
 */
export async function actsAs(
  lab: Lab,
  instances: readonly ApiClient[],
  { does, user, groups = [] }: Doing,
  act: () => Promise<Exchange<Act>>,
): Promise<{ works: [Control<"positive">]; observed: Control<"observation">[] }> {
  const expected = [...groups, "system:authenticated"].sort().join();
  // Asked again while the two differ: a kubelet's certificate may rotate between one look and the other.
  const certificate = observed(
    `the certificate by which ${does}`,
    () => untilShown(() => byOwnCertificate(instances, act), Boolean, { timeoutMs: 15_000 }),
    { shows: "that of its kubeconfig", where: (own) => own },
  );
  return {
    works: [
      works(does, act, {
        shows: `the user ${user}, in ${groups.join(", ") || "no group"}`,
        where: ({ username, groups }) => username === user && groups.join() === expected,
      }),
    ],
    observed: lab.cluster.version.atLeast("1.32") ? [certificate] : [],
  };
}

/** Whether something was done by the certificate that one of some instances has now. */
async function byOwnCertificate(
  instances: readonly ApiClient[],
  act: () => Promise<Exchange<Act>>,
): Promise<Exchange<boolean>> {
  const [exchange, ...own] = await Promise.all([
    act(),
    ...instances.map(async (instance) => {
      const { certificate } = (await instance.kubeconfigNow()).identity;
      return certificate && fingerprintOf(certificate.certPem);
    }),
  ]);
  return mapAnswer(exchange, ({ certificate }) => ({ data: own.includes(certificate) }));
}

/** As the API server tells it: SHA-256 in small hex digits. */
function fingerprintOf(certPem: string): string {
  return describeCertificate(certPem).fingerprint.replaceAll(":", "").toLowerCase();
}

/** The controls that the instance which leads renews its Lease as a user, in no group, and that a kubelet cannot. */
export async function renewsLeaseAs(
  lab: Lab,
  acts: Acts,
  instances: readonly Controller[],
  { lease, component, user }: { lease: LeaseName; component: string; user: string },
) {
  const renewal = await actsAs(lab, instances, { does: `${component} renews its Lease`, user }, () =>
    acts.seen(
      component,
      `the Lease ${lease.name}`,
      (act) => act.resource === "leases" && act.name === lease.name,
    ),
  );
  const kubelet = await nodeIdentity(lab, lab.node.name);
  const others = await onEach(lab.apiServers, (apiServer) => ({
    refused: [cannotRenew(apiServer, lease, { who: "a kubelet", as: kubelet })],
  }));
  return together(renewal, others);
}

interface LeaseName {
  namespace: string;
  name: string;
}

/** The control that somebody cannot renew a Lease. A dry run, should it be let in. */
export function cannotRenew(
  apiServer: ApiServer,
  { namespace, name }: LeaseName,
  { who, as }: { who: string; as: Identity },
): Control<"negative"> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}?dryRun=All`;
  const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { namespace, name } };
  const renews = () => apiServer.request(as, { method: "PUT", path, body });
  return refused(`${who} renews that Lease`, renews, forbidden("update", "leases"));
}
