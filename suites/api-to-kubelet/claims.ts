import { byCertificate, describeCertificate, type Identity, wrong } from "../../harness/credentials.ts";
import { rogueKubelet, runningPod, serviceAccount } from "../../harness/fixtures.ts";
import { type Cluster, claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { argumentOf } from "../../harness/nodes.ts";
import {
  cheapestVantage,
  kubeletGet,
  podAttach,
  podExec,
  podLog,
  type UserInfo,
  whoAmI,
} from "../../harness/probes.ts";

/** The one client certificate that kubeadm makes for the API server to show to kubelets. */
const dedicated = (lab: Lab) => lab.credentials.certificate("apiserver-kubelet-client");

/** Reading the kubelet's list of pods. */
async function readingPods(lab: Lab) {
  const kubelet = await lab.kubelet();
  const vantage = await cheapestVantage(lab, kubelet);
  return (as: Identity) => () => kubeletGet(vantage, kubelet, as, "/pods");
}

const podsAreThere = {
  status: 200,
  shows: "pods",
  where: (body: string) => JSON.parse(body).items.length > 0,
};

claim(
  "api-to-kubelet/streams-arrive",
  {
    says: "Logs, exec and attach reach the kubelet through the API server, and carry every byte unchanged",
    documented: slide("Kubelet and API server"),
  },
  async (lab) => {
    const [namespace, pod, canary] = [await lab.namespace(), lab.unique("streams"), lab.unique("canary")];
    const container = { namespace, pod, container: "main" };
    await runningPod(lab, { namespace, name: pod, node: lab.node, script: `echo ${canary}; exec cat` });
    const [admin, stranger] = [await lab.admin(), lab.api((await serviceAccount(lab)).identity)];
    const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 256));
    const same = { shows: "the same 10 000 bytes", where: (back: Buffer) => back.equals(bytes) };
    const forbidden = { status: 403 };
    return {
      works: [
        works<string>("what the pod wrote, by its log", () => podLog(admin, container), {
          shows: "the pod's canary",
          where: (log) => log.includes(canary),
        }),
        works("bytes through exec", () => podExec(admin, container, ["cat"], bytes), same),
        works("bytes through attach", () => podAttach(admin, container, bytes), same),
      ],
      refused: [
        refused("a stranger's log", () => podLog(stranger, container), "authorization", forbidden),
        refused(
          "a stranger's exec",
          () => podExec(stranger, container, ["cat"], bytes),
          "authorization",
          forbidden,
        ),
        refused(
          "a stranger's attach",
          () => podAttach(stranger, container, bytes),
          "authorization",
          forbidden,
        ),
      ],
    };
  },
);

claim(
  "api-to-kubelet/dedicated-key-pair",
  {
    says: "The API server shows a kubelet the certificate that its --kubelet-client-certificate names, and no other",
    documented: slide("API server → kubelet"),
  },
  async (lab) => {
    const [admin, clusterCa] = [await lab.admin(), await lab.credentials.authority("ca")];
    // Which of several API servers is asked is for a load balancer to say.
    const named = await Promise.all(
      lab.cluster.controlPlanes.map(async (node) => {
        const file = await argumentOf(node, "kube-apiserver", "kubelet-client-certificate");
        return file ? describeCertificate(await lab.credentials.file(file, node)).serial : "";
      }),
    );
    const rogue = await rogueKubelet(lab, (address) =>
      clusterCa.issue({ cn: "a kubelet of ours", usages: ["server"], sans: { ip: [address] } }),
    );
    const shown = async () => {
      const { outcome, ...exchange } = await podLog(admin, rogue.pod);
      if (outcome.kind !== "accepted") return { ...exchange, outcome };
      const caller = rogue.callers[0] ? describeCertificate(rogue.callers[0]) : undefined;
      const summary = caller ? `CN=${caller.subject.cn}, signed by CN=${caller.issuer.cn}` : "no certificate";
      return { ...exchange, outcome: { ...outcome, summary, data: caller } };
    };
    const genuine = await dedicated(lab);
    const lookalike = await wrong.rogueCa(genuine.certificate?.certPem ?? "", clusterCa);
    const read = await readingPods(lab);
    return {
      works: [
        works<ReturnType<typeof describeCertificate>>(
          "what the API server shows to a server of ours",
          shown,
          {
            shows: "CN=kube-apiserver-kubelet-client, the very certificate that the argument names",
            where: ({ subject, serial }) =>
              subject.cn === "kube-apiserver-kubelet-client" && named.includes(serial),
          },
        ),
        works("that certificate on the kubelet", read(genuine), podsAreThere),
      ],
      refused: [
        refused(
          "the same subject, from a rogue CA of the same name",
          read(byCertificate(lookalike)),
          "authentication",
          { status: 401 },
        ),
      ],
    };
  },
);

claim(
  "api-to-kubelet/no-other-component",
  {
    says: "No other certificate of the control plane gets from the kubelet what the API server gets",
    documented: slide("API server → kubelet"),
  },
  async (lab) => {
    const read = await readingPods(lab);
    const [frontProxy, etcdClient, scheduler, controllerManager] = await Promise.all([
      lab.credentials.certificate("front-proxy-client"),
      lab.credentials.certificate("apiserver-etcd-client"),
      lab.credentials.kubeconfig("scheduler.conf"),
      lab.credentials.kubeconfig("controller-manager.conf"),
    ]);
    const [unknown, forbidden] = [{ status: 401 }, { status: 403, reason: /^Forbidden \(user=system:kube-/ }];
    return {
      works: [works("the API server's certificate for kubelets", read(await dedicated(lab)), podsAreThere)],
      refused: [
        refused("its certificate for extension servers", read(frontProxy), "authentication", unknown),
        refused("its certificate for etcd", read(etcdClient), "authentication", unknown),
        refused("the scheduler", read(scheduler), "authorization", forbidden),
        refused("the controller manager", read(controllerManager), "authorization", forbidden),
      ],
    };
  },
);

/** The first release of each minor whose kubeadm gives the certificate no group (kubernetes/kubernetes#138957). */
const WITHOUT_GROUP = ["1.33.12", "1.34.8", "1.35.5", "1.36.1", "1.37.0"];
const withoutGroup = ({ version }: Cluster) => version.since(WITHOUT_GROUP);

const listingSecrets = (lab: Lab, as: Identity) => () =>
  lab.api(as).call(({ core }) => core.listNamespacedSecret({ namespace: "kube-system" }));

claim(
  "api-to-kubelet/kubelets-alone",
  {
    says: "The API server's certificate for kubelets bears no group: it opens kubelets, and no Secret",
    documented: kubernetes("PKI certificates and requirements", "setup/best-practices/certificates/"),
    preconditions: [{ what: `kubeadm of ${WITHOUT_GROUP.join(", ")} or later`, met: withoutGroup }],
  },
  async (lab) => {
    const [as, read] = [await dedicated(lab), await readingPods(lab)];
    return {
      works: [
        works<UserInfo>("who it is to the API server", () => whoAmI(lab.api(as)), {
          shows: "kube-apiserver-kubelet-client, in no group but that of all who are known",
          where: ({ username, groups }) =>
            username === "kube-apiserver-kubelet-client" && groups.join() === "system:authenticated",
        }),
        works("a kubelet's pods", read(as), podsAreThere),
      ],
      refused: [
        refused("listing Secrets", listingSecrets(lab, as), "authorization", {
          status: 403,
          reason: /User "kube-apiserver-kubelet-client" cannot list resource "secrets"/,
        }),
      ],
    };
  },
);

claim(
  "api-to-kubelet/group-is-administrator",
  {
    says: "Limit: the API server's certificate for kubelets is an administrator's by its group, and lists every Secret",
    documented: kubernetes("PKI certificates and requirements", "setup/best-practices/certificates/"),
    preconditions: [
      { what: `kubeadm before ${WITHOUT_GROUP.join(", ")}`, met: (cluster) => !withoutGroup(cluster) },
    ],
  },
  async (lab) => {
    const as = await dedicated(lab);
    const group = lab.cluster.version.atLeast("1.29") ? "kubeadm:cluster-admins" : "system:masters";
    const genuine = as.certificate?.certPem ?? "";
    const groupless = await wrong.subject(genuine, await lab.credentials.authority("ca"), {
      organizations: [],
    });
    return {
      works: [
        works<UserInfo>("who it is to the API server", () => whoAmI(lab.api(as)), {
          shows: `a member of ${group}`,
          where: ({ groups }) => groups.includes(group),
        }),
        works("listing Secrets", listingSecrets(lab, as)),
      ],
      refused: [
        refused(
          "the same name without the group",
          listingSecrets(lab, byCertificate(groupless)),
          "authorization",
          {
            status: 403,
          },
        ),
      ],
    };
  },
);
