import {
  claim,
  connectionRefused,
  invariant,
  kubernetes,
  type Lab,
  observed,
  offers,
  onEach,
  plaintextRefused,
  refused,
  works,
} from "../../../harness/index.ts";
import { listeners } from "../../../harness/nodes.ts";
import { fromNode, observation, plainHttp, readPlain, tcp } from "../../../harness/probes.ts";

/** A client that kubelets serve: the API server's certificate for them. */
const kubeletClient = (lab: Lab) => lab.credentials.certificate("apiserver-kubelet-client");

const configuration = (field: string) =>
  kubernetes(
    `KubeletConfiguration, ${field}`,
    "reference/config-api/kubelet-config.v1beta1/#kubelet-config-k8s-io-v1beta1-KubeletConfiguration",
  );

claim(
  "kubelet-authn/no-read-only-port",
  {
    says: "The kubelet's read-only port 10255 is closed, and it listens on its API's and its health's port only",
    documented: configuration("readOnlyPort"),
    touches: "nothing",
  },
  async (lab) =>
    onEach(lab.kubelets, async (kubelet) => {
      const { node } = kubelet;
      const [api, health, readOnly] = await Promise.all([
        kubelet.endpoint(),
        kubelet.health(),
        kubelet.readOnlyPort(),
      ]);
      const connect = (host: string, port: number) => () => tcp(fromNode(node), { host, port });
      const closed = (where: string, host: string) =>
        readOnly === undefined
          ? []
          : refused(
              `a client connects to the read-only port of ${where}`,
              connect(host, readOnly),
              connectionRefused(),
            );
      const ports = async () => {
        const own = (await listeners(node)).filter(({ command }) => command === "kubelet");
        const numbers = [...new Set(own.map(({ port }) => port))].sort((a, b) => a - b);
        return observation(node, "listening ports of the kubelet", numbers, numbers.join(", "));
      };
      return {
        works: [works("a client connects to the API's port", connect(api.host, api.port))],
        observed: [
          observed("ports on which the kubelet listens", ports, {
            shows: "the API's and the health's only",
            where: (numbers) =>
              numbers.includes(api.port) &&
              numbers.every((port) => port === api.port || port === health?.port),
          }),
        ],
        refused: [
          invariant(
            refused(
              "a client reads pods in the clear on the API's port",
              () => kubelet.getInTheClear("/pods"),
              plaintextRefused(),
            ),
            "the kubelet serves its port over TLS only, by any setting",
          ),
          closed("the node", node.address),
          closed("loopback", "127.0.0.1"),
        ],
      };
    }),
);

claim(
  "kubelet-authn/plaintext-on-loopback",
  {
    says: "The kubelet serves plaintext healthz (10248) on loopback only",
    documented: configuration("healthzBindAddress"),
    touches: "nothing",
    preconditions: [offers("neighbour")],
  },
  async (lab) => {
    const [outside, apiServer] = await Promise.all([lab.fromNeighbour(), kubeletClient(lab)]);
    return onEach(lab.kubelets, async (kubelet) => {
      const { node } = kubelet;
      const [health, api] = await Promise.all([kubelet.health(), kubelet.endpoint()]);
      const reads =
        (host: string, port: number, from = fromNode(node)) =>
        () =>
          plainHttp(from, { host, port }, { path: "/healthz" }, readPlain);
      const sockets = async () => {
        const own = (await listeners(node)).filter(({ command }) => command === "kubelet");
        const found = own.filter(({ port }) => port !== api.port).map(({ address }) => address);
        return observation(node, "the kubelet's listening sockets", found, found.join(", ") || "none");
      };
      return {
        works: [
          works("the API server reads health over TLS", () => kubelet.get(apiServer, "/healthz"), {
            status: 200,
          }),
          health
            ? works("the node reads health on loopback", reads(health.host, health.port), { status: 200 })
            : [],
        ],
        observed: [
          observed("addresses of the kubelet's ports beside its API's", sockets, {
            shows: "loopback only",
            where: (found) => found.every((address) => /^(127\.|::1$|::ffff:127\.)/.test(address)),
          }),
        ],
        refused: [
          invariant(
            refused(
              "a neighbour reads health in the clear on the API's port",
              reads(api.host, api.port, outside),
              plaintextRefused(),
            ),
            "the kubelet serves its port over TLS only, by any setting",
          ),
          ...(health
            ? [
                refused(
                  "the node reads health on its own address",
                  reads(node.address, health.port),
                  connectionRefused(),
                ),
                refused(
                  "a neighbour reads health",
                  reads(node.address, health.port, outside),
                  connectionRefused(),
                ),
              ]
            : []),
        ],
      };
    });
  },
);
