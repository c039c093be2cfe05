import { nodeIdentity, rightTwin, wrong } from "../../../harness/credentials.ts";
import { idlePod, phantomNode, podManifest, startsPods } from "../../../harness/fixtures.ts";
import {
  claim,
  deniedByAdmission,
  type Kubelet,
  type Lab,
  observed,
  onEach,
  refused,
  slide,
  together,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { connectionsOf, cutConnection, endpointOf } from "../../../harness/nodes.ts";
import { mergePatch, observation, until, untilShown, type V1Pod } from "../../../harness/probes.ts";

const documented = slide("Kubelet and API server");

/** A kubelet whose watch broke may wait 30 s before it asks again (client-go, tools/cache/reflector.go, its backoff). */
const AFTER_BACKOFF = { timeoutMs: 45_000 };

/** Whether a kubelet has acknowledged a pod: only a kubelet sets status.startTime. */
const acknowledged = ({ status }: V1Pod) => status?.startTime !== undefined;

/** Binds a pod to the kubelet's node, and reads it until the kubelet has acknowledged it. */
async function bindAndRead(lab: Lab, { node }: Kubelet) {
  const pod = await idlePod(lab, { node: node.name });
  const admin = await lab.admin();
  return untilShown(() => admin.call(({ core }) => core.readNamespacedPod(pod)), acknowledged, AFTER_BACKOFF);
}

claim(
  "kubelet-identity/registers-itself",
  {
    says: "A kubelet registers the node that its certificate names, cannot register another, and renews its Lease",
    documented,
    touches: "own-objects",
  },
  async (lab) => {
    const { core, coordination } = (await lab.admin()).clients;
    const register = onEach(lab.apiServers, async (apiServer) => {
      const [name, other] = [lab.unique("phantom"), lab.unique("phantom")];
      const kubelet = await nodeIdentity(lab, name);
      const create = (node: string) => () => {
        lab.cleanup(`node ${node}`, () => core.deleteNode({ name: node }));
        return apiServer.call(kubelet, (clients) =>
          clients.core.createNode({ body: { metadata: { name: node } } }),
        );
      };
      return {
        works: [works("a kubelet registers the node of its name", create(name))],
        refused: [
          refused(
            "a kubelet registers a node of another name",
            create(other),
            deniedByAdmission(/is not allowed to modify node/),
          ),
        ],
      };
    });
    const leases = onEach(lab.kubelets, ({ node }) => ({
      observed: [
        observed(
          "the Lease of the live kubelet",
          async () => {
            const lease = { name: node.name, namespace: "kube-node-lease" };
            // A kubelet that has just joined makes its Lease a moment after its node is Ready.
            const { spec } = await until(`the Lease of ${node.name}`, () =>
              coordination.readNamespacedLease(lease),
            );
            const age = Date.now() - new Date(spec?.renewTime ?? 0).getTime();
            const inTime = age < 1000 * (spec?.leaseDurationSeconds ?? 0);
            return observation(node, "its Lease", inTime, `renewed ${Math.round(age / 1000)} s ago`);
          },
          { shows: "it is renewed in time", where: (inTime) => inTime },
        ),
      ],
    }));
    return together(register, leases);
  },
);

claim(
  "kubelet-identity/connection-kept",
  {
    says: "The kubelet keeps its connection to the API server open, and opens another one when it breaks",
    documented,
    touches: "node",
    exclusive: true, // pods of other claims would wait for the kubelet's return
  },
  async (lab) => {
    const clusterCa = await lab.credentials.authority("ca");
    return onEach(lab.kubelets, async (kubelet) => {
      const { node } = kubelet;
      const { port } = endpointOf((await kubelet.kubeconfig()).server);
      const live = await kubelet.certificate();
      const apiServer = lab.apiServerFor(node);
      const [twin, rogue] = await Promise.all([rightTwin(live, clusterCa), wrong.rogueCa(live, clusterCa)]);
      const listPods = (as: typeof twin) => () =>
        apiServer.call(as, ({ core }) =>
          core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${node.name}` }),
        );
      // Another claim may just have cut the connection: this one starts once the kubelet follows its watch again.
      await bindAndRead(lab, kubelet);
      const open = () => connectionsOf(node, "kubelet", port);
      const before = await open();
      const seen = async (which: (end: string) => boolean) => {
        const ends = (await open()).filter(which);
        return observation(
          node,
          `the kubelet's connections to port ${port}`,
          ends,
          ends.join(", ") || "none",
        );
      };
      const some = { shows: "at least one", where: (ends: string[]) => ends.length > 0 };
      return {
        works: [works("a certificate with the kubelet's subject lists the pods of its node", listPods(twin))],
        observed: [observed("connections that stayed open", () => seen((end) => before.includes(end)), some)],
        refused: [
          refused(
            "a certificate with the kubelet's subject, of a rogue CA, lists them",
            listPods(rogue),
            unauthorized(),
          ),
        ],
        afterwards: {
          what: "the kernel cut the kubelet's connections",
          change: async () => {
            for (const end of before) await cutConnection(node, end);
          },
          works: [
            works(
              "the kubelet acknowledges a pod that is bound to its node",
              () => bindAndRead(lab, kubelet),
              { shows: "the kubelet's mark in the pod's status", where: acknowledged },
            ),
          ],
          observed: [
            observed(
              "connections that the kubelet opened since",
              () => seen((end) => !before.includes(end)),
              some,
            ),
          ],
        },
      };
    });
  },
);

claim(
  "kubelet-identity/pods-start-and-stop",
  {
    says: "The kubelet starts and stops the pods that the API server binds to its node, and reports on no others",
    documented,
    touches: "own-objects",
    preconditions: startsPods,
  },
  async (lab) => {
    const [admin, elsewhere, namespace] = await Promise.all([lab.admin(), phantomNode(lab), lab.namespace()]);
    const { core } = admin.clients;
    const foreign = await idlePod(lab, { node: elsewhere.name });
    return onEach(lab.kubelets, async (kubelet) => {
      const pod = { name: lab.unique("bound"), namespace };
      const bind = async () => {
        // It ends when it is told to: a kubelet waits at least 2 s before it kills.
        const script = "trap exit TERM; sleep infinity & wait";
        const body = await podManifest(lab, { ...pod, script, node: kubelet.node });
        lab.cleanup(`pod ${namespace}/${pod.name}`, () =>
          core.deleteNamespacedPod({ ...pod, gracePeriodSeconds: 0 }),
        );
        await core.createNamespacedPod({ namespace, body });
        return untilShown(() => admin.call(() => core.readNamespacedPod(pod)), isRunning, AFTER_BACKOFF);
      };
      const list = () =>
        admin.call(() => core.listNamespacedPod({ namespace, fieldSelector: `metadata.name=${pod.name}` }));
      const gone = ({ items }: { items: unknown[] }) => items.length === 0;
      const report = async () =>
        mergePatch(
          await lab.apiServerFor(kubelet.node).api(await kubelet.identity()),
          `/api/v1/namespaces/${foreign.namespace}/pods/${foreign.name}/status`,
          { status: { message: "planeproof" } },
        );
      return {
        works: [
          works("the kubelet runs a pod that is bound to its node", bind, {
            shows: "Running",
            where: isRunning,
          }),
        ],
        refused: [
          refused(
            "the kubelet reports the status of a pod that is bound elsewhere",
            report,
            deniedByAdmission(/can only update pod status for pods with spec.nodeName set to itself/),
          ),
        ],
        afterwards: {
          what: "the pod was deleted",
          // With a grace period the object stays until the kubelet confirms that the containers have ended.
          change: () => core.deleteNamespacedPod({ ...pod, gracePeriodSeconds: 1 }),
          works: [
            works(
              "the kubelet confirms that its containers have ended",
              () => untilShown(list, gone, AFTER_BACKOFF),
              { shows: "the pod is gone", where: gone },
            ),
          ],
        },
      };
    });
  },
);

function isRunning({ status }: V1Pod): boolean {
  return status?.phase === "Running";
}
