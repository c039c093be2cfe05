import { type Endpoint, endpointOf } from "../cluster/endpoints.ts";
import type { Identity } from "../identity/index.ts";
import type { Node } from "../node/node.ts";
import { readPlain } from "../probe/answers.ts";
import { etcdCount, etcdPeerMembers, etcdValue, etcdVersion } from "../probe/etcd.ts";
import { https, plainHttp } from "../probe/http.ts";
import type { Exchange } from "../probe/outcome.ts";
import type { Refusal } from "../probe/refusals.ts";
import { servedCertificate } from "../probe/served-certificate.ts";
import type { Target } from "../probe/tls.ts";
import { fromNode, type Vantage } from "../probe/vantage.ts";
import { Component } from "./component.ts";
import { withEtcdLog } from "./etcd-log.ts";
import type { RunScope } from "./run-scope.ts";
import { refusesNoCertificate } from "./tls-settings.ts";

/**
 * One member of etcd: its client port and its peer port. Where etcd hangs up without a word, its own log line about that
 * very connection says why, and the exchange is a refusal.
 */
export class EtcdMember extends Component {
  constructor(scope: RunScope, node: Node) {
    super(scope, node, "etcd");
  }

  /** Where it serves clients, by its own `--advertise-client-urls`. */
  client(): Promise<Endpoint> {
    return this.#endpoint("advertise-client-urls");
  }

  /** Where it serves peers, by its own `--initial-advertise-peer-urls`. */
  peer(): Promise<Endpoint> {
    return this.#endpoint("initial-advertise-peer-urls");
  }

  /** Counts the keys under /registry/: the smallest question by which etcd shows that it trusts a client. */
  async count(as: Identity, judge: Pick<Target, "trust"> = {}): Promise<Exchange<number>> {
    const target = { ...(await this.client()), ...judge };
    const from = await this.cheapestVantage(target);
    return withEtcdLog(this.node, from, (noted) => etcdCount(noted, target, as, "/registry/"));
  }

  /** Reads the raw value of a key; null where the key is not there. */
  async value(as: Identity, key: string): Promise<Exchange<Buffer | null>> {
    const target = await this.client();
    const from = await this.cheapestVantage(target);
    return withEtcdLog(this.node, from, (noted) => etcdValue(noted, target, as, key));
  }

  /**
   * Asks the peer port for the list of members: the smallest question that it answers. From the member's own address
   * unless another place is given: etcd compares the caller's address with its certificate.
   */
  async peerMembers(as: Identity, from: Vantage = fromNode(this.node)): Promise<Exchange<string>> {
    const target = await this.peer();
    return withEtcdLog(this.node, from, (noted) => etcdPeerMembers(noted, target, as));
  }

  /** Asks one of the two ports for its version, clients over gRPC and peers over HTTP; `limits` are those of the handshake. */
  async version(
    port: "client" | "peer",
    as: Identity,
    limits: Target["limits"] = {},
  ): Promise<Exchange<string>> {
    const target = { ...(await this[port]()), limits };
    if (port === "client") {
      const from = await this.cheapestVantage(target);
      return withEtcdLog(this.node, from, (noted) => etcdVersion(noted, target, as));
    }
    return withEtcdLog(this.node, fromNode(this.node), (noted) =>
      https(noted, target, as, { path: "/version" }, readPlain),
    );
  }

  /** How it refuses a caller who shows no certificate, by the TLS versions that it was told to speak. */
  async refusesNobody(): Promise<Refusal> {
    return refusesNoCertificate({ maxVersion: await this.argument("tls-max-version") });
  }

  /** A GET in the clear on one of the two ports, from the node itself. */
  async getInTheClear(port: "client" | "peer", path: string): Promise<Exchange<string>> {
    const target = await this[port]();
    return withEtcdLog(this.node, fromNode(this.node), (noted) =>
      plainHttp(noted, target, { path }, readPlain),
    );
  }

  /** The certificate (PEM) that one of the two ports serves; with `trust` it is judged first, as a client would. */
  async servedCertificate(
    port: "client" | "peer",
    judge: Pick<Target, "trust" | "serverName"> = {},
  ): Promise<Exchange<string>> {
    const as = await this.scope.credentials.certificate("apiserver-etcd-client");
    return servedCertificate(fromNode(this.node), { ...(await this[port]()), ...judge }, as);
  }

  #endpoint(argument: string): Promise<Endpoint> {
    return this.scope.once(`etcd of ${this.node.name}, ${argument}`, async () => {
      const [first = ""] = ((await this.argument(argument)) ?? "").split(",");
      return endpointOf(first);
    });
  }
}
