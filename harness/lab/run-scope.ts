import type { Cluster } from "../cluster/cluster.ts";
import type { Endpoint } from "../cluster/endpoints.ts";
import { type CertificateIdentity, type Identity, serverIn } from "../identity/index.ts";
import { Api, type ApiTarget } from "../probe/api.ts";
import { address } from "../probe/tls.ts";
import { fromHost, type Vantage } from "../probe/vantage.ts";
import { Memo } from "../support/memo.ts";
import { Credentials } from "./credentials.ts";

/** What a run shares between its claims: the cluster, its genuine credentials, what is made once for all. */
export class RunScope {
  readonly cluster: Cluster;
  readonly credentials: Credentials;
  /** Why no further claim may use the cluster: one of them left it changed. */
  unusable: string | undefined;
  readonly #server: ApiTarget;
  /** By the API server's URL, then by identity: calls of one identity share their connections. */
  readonly #apis = new Map<string, Map<Identity, Api>>();
  readonly #memo = new Memo();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.credentials = new Credentials(cluster);
    this.#server = { ...serverIn(cluster.facts.kubeconfig), vantage: fromHost };
  }

  /** The API where the administrator's kubeconfig has it (behind a load balancer where there is one), as an identity sees it. */
  api(as: Identity): Api {
    return this.#apiOf(this.#server, as);
  }

  /** The API of one API server, at its own address. */
  apiAt(endpoint: Endpoint, vantage: Vantage, as: Identity): Api {
    return this.#apiOf({ ...this.#server, url: `https://${address(endpoint)}`, vantage }, as);
  }

  #apiOf(target: ApiTarget, as: Identity): Api {
    const known = this.#apis.get(target.url) ?? new Map<Identity, Api>();
    this.#apis.set(target.url, known);
    const api = known.get(as) ?? new Api(target, as);
    known.set(as, api);
    return api;
  }

  /** The user with the most rights. From 1.29 only super-admin.conf is in system:masters, which no RBAC rule binds. */
  administrator(): Promise<CertificateIdentity> {
    return this.credentials.kubeconfig(
      this.cluster.version.atLeast("1.29") ? "super-admin.conf" : "admin.conf",
    );
  }

  /** The API as the cluster's administrator sees it: for setting scenes. */
  async admin(): Promise<Api> {
    return this.api(await this.administrator());
  }

  /** Something that is made at most once in a run, by the claim that needs it first. */
  once<T>(what: string, make: () => Promise<T>): Promise<T> {
    return this.#memo.get(what, make);
  }
}
