import { runningPod, startsPods } from "../../../harness/fixtures.ts";
import {
  claim,
  invariant,
  type Kubelet,
  kubernetes,
  type Lab,
  onEach,
  permissionDenied,
  refused,
  slide,
  together,
  works,
} from "../../../harness/index.ts";
import { canCapture, type Node } from "../../../harness/nodes.ts";
import { podExec, readAsOrdinaryUser } from "../../../harness/probes.ts";
import { eavesdropper, nothingHeard } from "../eavesdropper.ts";

claim(
  "general/nothing-in-the-clear",
  {
    says: "An eavesdropper reads neither a Secret that is created, read or mounted, nor, on the network, exec's output",
    documented: slide("Securing the control plane"),
    touches: "own-objects",
    preconditions: [
      ...startsPods,
      {
        what: "tcpdump in the node image",
        environment: true,
        met: async ({ nodes }) => (await Promise.all(nodes.map(canCapture))).every(Boolean),
      },
    ],
  },
  async (lab) => {
    const [administrator, { clients }, namespace] = await Promise.all([
      lab.administrator(),
      lab.admin(),
      lab.namespace(),
    ]);
    const [base, stored, shown] = [lab.unique("eavesdropped"), lab.unique("stored"), lab.unique("shown")];
    const secretOf = ({ name }: Node) => `${base}-${name}`;
    const nodes = await Promise.all(
      lab.kubelets.map((kubelet) => overheard(lab, kubelet, { stored, shown })),
    );
    const secrets = onEach(
      lab.apiServers,
      (apiServer) => {
        const name = secretOf(apiServer.node);
        const body = { metadata: { name }, stringData: { stored, shown } };
        lab.cleanup(`secret ${namespace}/${name}`, () =>
          clients.core.deleteNamespacedSecret({ namespace, name }),
        );
        return {
          works: [
            works("the administrator creates a Secret", () =>
              apiServer.call(administrator, ({ core }) => core.createNamespacedSecret({ namespace, body })),
            ),
            works("the administrator reads the Secret", () =>
              apiServer.call(administrator, ({ core }) => core.readNamespacedSecret({ namespace, name })),
            ),
          ],
        };
      },
      "through",
    );
    const execs = onEach(
      lab.apiServers,
      async (apiServer) => {
        const admin = await apiServer.api(administrator);
        return onEach(nodes, ({ pod }) => ({
          works: [
            works(
              "the administrator's exec prints the mounted value",
              () => podExec(admin, { namespace, pod, container: "main" }, READ, Buffer.alloc(0)),
              { shows: "the value", where: (bytes) => bytes.toString() === shown },
            ),
          ],
        }));
      },
      "through",
    );
    const [secret, script] = [secretOf(lab.node), "exec sleep infinity"];
    const mount = ({ pod: name, node }: { pod: string; node: Node }) =>
      runningPod(lab, { namespace, name, node, secret, script });
    return {
      ...(await secrets),
      afterwards: {
        what: "a pod on each node mounts a Secret",
        change: () => Promise.all(nodes.map(mount)),
        ...(await together(
          execs,
          onEach(nodes, ({ controls }) => controls),
        )),
      },
    };
  },
);

const READ = ["cat", "/secret/shown"];

/** A node with a pod to be made there, and the controls of an eavesdropper who listens there from now on. */
async function overheard(lab: Lab, kubelet: Kubelet, { stored, shown }: { stored: string; shown: string }) {
  const { node } = kubelet;
  const sent = lab.unique("sent");
  const wire = await eavesdropper(lab, node, [stored, shown, sent]);
  const inTheClear = async () => {
    await kubelet.getInTheClear(`/${sent}`); // it is refused, and has been sent all the same
    return wire.hears(sent, "a path that was sent in the clear");
  };
  const controls = {
    // The last of what works: when this is heard, all that could be heard of the others has been.
    works: [works("an eavesdropper hears what is sent in the clear", inTheClear)],
    refused: [
      refused(
        "an eavesdropper on any interface hears the stored value",
        () => wire.heard(stored, "the stored value", "any interface"),
        nothingHeard,
      ),
      // Between kubelet and containerd, on loopback, exec is in the clear (README): the network must not know.
      invariant(
        refused(
          "an eavesdropper on the network hears what exec prints",
          () => wire.heard(shown, "what exec printed", "network"),
          nothingHeard,
        ),
        "the API server reaches kubelets over TLS only, by any argument (`--kubelet-https` went with 1.22)",
      ),
    ],
  } as const;
  return { node, pod: lab.unique("pod"), controls };
}

claim(
  "general/key-files-closed",
  {
    says: "An ordinary user of a node cannot read its private keys, kubeconfigs, static pod manifests or etcd's data",
    documented: kubernetes(
      "Implementation details, Generate kubeconfig files for control plane components",
      "reference/setup-tools/kubeadm/implementation-details/#generate-kubeconfig-files-for-control-plane-components",
    ),
    touches: "nothing",
  },
  async ({ cluster, kubelets, etcdMembers }) => {
    const data = await Promise.all(etcdMembers.map((member) => member.argument("data-dir")));
    const confidential = [
      cluster.pki("*.key"),
      cluster.pki("etcd/*.key"),
      "/etc/kubernetes/*.conf",
      "/etc/kubernetes/manifests/*.yaml",
      "/var/lib/kubelet/pki/*.key",
      "/var/lib/kubelet/pki/*.pem",
      ...new Set(data.map((directory) => `${directory}/member/snap/db`)),
    ];
    return onEach(kubelets, ({ node }) => ({
      works: [
        works("an ordinary user reads the node's certificates", () =>
          readAsOrdinaryUser(node, [cluster.pki("*.crt")]),
        ),
      ],
      refused: [
        refused(
          "an ordinary user reads the node's keys, kubeconfigs, manifests and data",
          () => readAsOrdinaryUser(node, confidential),
          permissionDenied(),
        ),
      ],
    }));
  },
);
