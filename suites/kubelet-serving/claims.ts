import { Authority, kubeletTrust } from "../../harness/credentials.ts";
import { rogueKubelet } from "../../harness/fixtures.ts";
import { alerts, claim, kubernetes, type Lab, refused, slide, works } from "../../harness/index.ts";
import { cheapestVantage, kubeletGet, plainHttp, podLog, readPlain } from "../../harness/probes.ts";

const dedicated = (lab: Lab) => lab.credentials.certificate("apiserver-kubelet-client");

/** The log of a static pod that every kubeadm control plane runs. */
const genuineLog = (lab: Lab) => ({
  namespace: "kube-system",
  pod: `kube-scheduler-${lab.node.name}`,
  container: "kube-scheduler",
});

claim(
  "kubelet-serving/rogue-kubelet-refused",
  {
    says: "The API server talks to genuine kubelets alone: a server under a stranger's certificate gets no request",
    documented: slide("Securing the control plane"),
  },
  async (lab) => {
    const admin = await lab.admin();
    const serving = (authority: Authority) =>
      rogueKubelet(lab, (address) =>
        authority.issue({ cn: "a kubelet", usages: ["server"], sans: { ip: [address] } }),
      );
    const clusterCa = await lab.credentials.authority("ca");
    // The rogue's certificate bears the right address: a refusal must be for its authority alone.
    const [rogue, trusted] = await Promise.all([
      serving(await Authority.lookalike(clusterCa.certPem)),
      serving(clusterCa),
    ]);
    return {
      works: [
        works("the log of a genuine kubelet's pod", () => podLog(admin, genuineLog(lab))),
        works<string>(
          "our own server, under a certificate of the cluster's CA",
          () => podLog(admin, trusted.pod),
          {
            shows: "what our server wrote",
            where: (log) => log.includes(trusted.says),
          },
        ),
      ],
      refused: [
        refused("the same server, under a rogue CA of the same name", () => podLog(admin, rogue.pod), "tls", {
          reason: /x509: certificate signed by unknown authority/,
        }),
      ],
    };
  },
);

claim(
  "kubelet-serving/tls-only",
  {
    says: "The kubelet's port speaks TLS of today and nothing else: nobody on the way can read along",
    documented: slide("Securing the control plane"),
  },
  async (lab) => {
    const [kubelet, as] = [await lab.kubelet(), await dedicated(lab)];
    const vantage = await cheapestVantage(lab, kubelet);
    // OpenSSL must be told to offer what it thinks too weak, or it would be our side that refuses.
    const old = {
      ...kubelet,
      limits: { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    } as const;
    const version12 = { ...kubelet, limits: { maxVersion: "TLSv1.2" } } as const;
    return {
      works: [
        works("TLS 1.3", () => kubeletGet(vantage, kubelet, as, "/healthz"), { status: 200 }),
        works("TLS 1.2", () => kubeletGet(vantage, version12, as, "/healthz"), { status: 200 }),
      ],
      refused: [
        refused("plain HTTP", () => plainHttp(vantage, kubelet, { path: "/healthz" }, readPlain), "tls", {
          status: 400,
          reason: /Client sent an HTTP request to an HTTPS server/,
        }),
        refused("TLS 1.1", () => kubeletGet(vantage, old, as, "/healthz"), "tls", {
          alert: alerts.protocolVersion,
        }),
      ],
    };
  },
);

claim(
  "kubelet-serving/own-certificate",
  {
    says: "A kubelet can be known: it serves in its node's name, under its own CA or, where it asks for that, the cluster's",
    documented: kubernetes(
      "Certificate rotation, kubelet serving certificates",
      "reference/access-authn-authz/kubelet-tls-bootstrapping/",
    ),
  },
  async (lab) => {
    const [kubelet, as] = [await lab.kubelet(), await dedicated(lab)];
    const vantage = await cheapestVantage(lab, kubelet);
    const itsCa = await kubeletTrust(lab);
    const judged = (trust: string, serverName: string) => () =>
      kubeletGet(vantage, { ...kubelet, trust, serverName }, as, "/healthz");
    const weRefuse = { reason: /the client refuses the server's certificate/ };
    return {
      works: [works("judged by its CA and its node's name", judged(itsCa, lab.node.name), { status: 200 })],
      refused: [
        refused("judged by another node's name", judged(itsCa, lab.unique("node")), "tls", weRefuse),
        refused(
          "judged by etcd's CA",
          judged(await lab.credentials.pem("etcd/ca.crt"), lab.node.name),
          "tls",
          weRefuse,
        ),
      ],
    };
  },
);
