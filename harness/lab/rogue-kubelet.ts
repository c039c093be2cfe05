import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Authority, Leaf } from "../pki/index.ts";
import type { ContainerName } from "../probe/pod-streams.ts";
import { kubeletServingCa } from "./controller-manager.ts";
import { containerOf, idlePod } from "./idle-pod.ts";
import type { Lab } from "./lab.ts";

/** The CA of whose certificates the API server makes no fuss when a kubelet shows them. */
export function servingAuthority({ scope }: Lab): Promise<Authority> {
  return kubeletServingCa(scope);
}

/** A node that does not exist: the API server takes our own TLS server for its kubelet. */
export interface RogueKubelet {
  /** A pod bound to that node: its log is what our server answers. */
  pod: ContainerName;
  /** What every log of it reads. */
  says: string;
  /** The client certificates (PEM) that were shown to our server; "" for a caller that showed none. */
  callers: readonly string[];
}

/**
 * Serves as the kubelet of a node of its own, under the certificate that `certificateFor` makes for its address, and binds
 * a pod to that node. All of it is gone at the end of the claim.
 */
export async function rogueKubelet(
  lab: Lab,
  certificateFor: (address: string) => Promise<Leaf>,
): Promise<RogueKubelet> {
  const { core } = (await lab.admin()).clients;
  const address = await lab.cluster.hostAddress(lab.node);
  const { port, ...rogue } = await serve(lab, address, await certificateFor(address));

  const node = lab.unique("rogue");
  lab.cleanup(`node ${node}`, () => core.deleteNode({ name: node }));
  await core.createNode({
    body: {
      metadata: { name: node },
      status: {
        addresses: [{ type: "InternalIP", address }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
      },
    },
  });

  return { ...rogue, pod: containerOf(await idlePod(lab, { node })) };
}

async function serve(
  lab: Lab,
  address: string,
  { certPem, keyPem }: Leaf,
): Promise<Pick<RogueKubelet, "says" | "callers"> & { port: number }> {
  const says = lab.unique("a-rogue-says-so");
  const callers: string[] = [];
  const server = createServer(
    { cert: certPem, key: keyPem, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] },
    (socket) => {
      callers.push(callerOf(socket));
      socket.on("error", () => {});
      socket.once("data", () =>
        socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${says.length}\r\nConnection: close\r\n\r\n${says}`),
      );
    },
  );
  server.on("tlsClientError", () => {}); // the API server hangs up on a certificate that it does not trust
  server.listen({ host: address, port: 0 });
  await once(server, "listening");
  lab.cleanup("the server of a rogue kubelet", async () => server.close());
  return { says, callers, port: (server.address() as AddressInfo).port };
}

function callerOf(socket: TLSSocket): string {
  return socket.getPeerX509Certificate()?.toString() ?? "";
}
