import type { V1SubjectAccessReviewSpec } from "@kubernetes/client-node";
import { anonymousRequests } from "../cluster/anonymous.ts";
import type { Endpoint } from "../cluster/endpoints.ts";
import { byToken, type Identity } from "../identity/index.ts";
import type { Node } from "../node/node.ts";
import { publicKeysIn } from "../pki/index.ts";
import { readPlain } from "../probe/answers.ts";
import type { Api, Clients } from "../probe/api.ts";
import type { Enumerated } from "../probe/enumeration.ts";
import { type HttpRequest, https, plainHttp } from "../probe/http.ts";
import type { Exchange } from "../probe/outcome.ts";
import { forbidden, type Refusal, unauthorized } from "../probe/refusals.ts";
import { accessReview, type Review, type UserInfo, whoAmI } from "../probe/reviews.ts";
import { servedCertificate } from "../probe/served-certificate.ts";
import type { Target } from "../probe/tls.ts";
import { fromNode } from "../probe/vantage.ts";
import { authenticators, staticBearers } from "./authenticators.ts";
import { authorizers } from "./authorizers.ts";
import { broadBindings } from "./broad-bindings.ts";
import { Component } from "./component.ts";
import type { RunScope } from "./run-scope.ts";

/** The default of `--insecure-port`, which is gone since 1.24. */
const INSECURE_PORT = 8080;

/** One API server, asked at its own address and never through a load balancer. */
export class ApiServer extends Component {
  constructor(scope: RunScope, node: Node) {
    super(scope, node, "kube-apiserver");
  }

  /** Where it listens inside the cluster. */
  endpoint(): Promise<Endpoint> {
    return this.scope.once(`API server of ${this.node.name}`, async () => ({
      host: this.node.address,
      port: Number((await this.argument("secure-port")) ?? 6443),
    }));
  }

  /** The port on which it served everybody in the clear up to 1.19; undefined where its secure port took that place. */
  async insecurePort(): Promise<number | undefined> {
    const { port } = await this.endpoint();
    return port === INSECURE_PORT ? undefined : INSECURE_PORT;
  }

  /** In whose name it issues tokens, and beside that issuer those whose tokens it still accepts. */
  async issuers(): Promise<[issuing: string, ...accepted: string[]]> {
    const [issuing = "", ...accepted] = await this.argumentValues("service-account-issuer");
    return [issuing, ...accepted];
  }

  /** Whom a token must be for; its issuers unless it was told (pkg/kubeapiserver/options/authentication.go, ApplyTo). */
  async audiences(): Promise<string[]> {
    const told = (await this.argumentValues("api-audiences"))
      .flatMap((list) => list.split(","))
      .filter(Boolean);
    return told.length > 0 ? told : this.issuers();
  }

  /** The public keys (PEM) by which it verifies service account tokens: in rotation, several in one file or in many. */
  async tokenKeys(): Promise<string[]> {
    const files = await this.argumentValues("service-account-key-file");
    const texts = await Promise.all(files.map((file) => this.readFile(file)));
    return texts.flatMap(publicKeysIn);
  }

  /** Its API as an identity sees it. */
  async api(as: Identity): Promise<Api> {
    const endpoint = await this.endpoint();
    return this.scope.apiAt(endpoint, await this.cheapestVantage(endpoint), as);
  }

  /** A call of the generated clients: `call(nobody, ({ core }) => core.listNamespacedPod({ namespace }))`. */
  async call<T>(as: Identity, ask: (clients: Clients) => Promise<T>): Promise<Exchange<T>> {
    return (await this.api(as)).call(ask);
  }

  /** A request that the generated clients do not know. */
  async request<T = unknown>(as: Identity, request: HttpRequest): Promise<Exchange<T>> {
    return (await this.api(as)).request<T>(request);
  }

  /** Who it takes the caller for. */
  async whoAmI(as: Identity): Promise<Exchange<UserInfo>> {
    return whoAmI(await this.api(as));
  }

  /**
   * Who it takes the bearer of a token for. To the bearer a refusal says "Unauthorized" and no more; the reason is what the
   * same API server tells the administrator in a TokenReview.
   */
  async authenticate(token: string, label?: string): Promise<Exchange<UserInfo>> {
    const exchange = await this.whoAmI(byToken(token, label));
    if (exchange.outcome.kind !== "refused") return exchange;
    const { authentication } = (await this.api(await this.scope.administrator())).clients;
    const { status } = await authentication.createTokenReview({ body: { spec: { token } } });
    return { ...exchange, outcome: { ...exchange.outcome, reason: status?.error ?? "no reason given" } };
  }

  /** Whether somebody may do something, as its authorizers answer to `as`. */
  async accessReview(as: Identity, spec: V1SubjectAccessReviewSpec): Promise<Exchange<Review>> {
    return accessReview(await this.api(as), spec);
  }

  /** Every way by which it comes to know who calls; at fault is what is neither kubeadm's nor harmless. */
  authenticators(): Promise<Enumerated[]> {
    return authenticators(this.scope.cluster, this);
  }

  /** The bearers of the tokens in its static token file. */
  staticBearers(): Promise<Identity[]> {
    return staticBearers(this);
  }

  /** Each of its authorizers, in their order; at fault is what allows beside Node and RBAC. */
  authorizers(): Promise<Enumerated[]> {
    return authorizers(this.scope.cluster, this);
  }

  /** Every RBAC binding of those who are many; at fault is what allows more than the defaults. */
  async broadBindings(): Promise<Enumerated[]> {
    return broadBindings(await this.api(await this.scope.administrator()));
  }

  /** A GET over a TLS connection of its own; `how` limits versions, or says what to judge the server's certificate by. */
  async get(as: Identity, path: string, how: Partial<Target> = {}): Promise<Exchange<string>> {
    const target = { ...(await this.endpoint()), ...how };
    return https(await this.cheapestVantage(target), target, as, { path }, readPlain);
  }

  /** A GET in the clear, from the node itself. */
  async getInTheClear(path: string): Promise<Exchange<string>> {
    return plainHttp(fromNode(this.node), await this.endpoint(), { path }, readPlain);
  }

  /** The certificate (PEM) that it serves; with `trust` and `serverName` it is judged first, as a client would. */
  async servedCertificate(judge: Pick<Target, "trust" | "serverName"> = {}): Promise<Exchange<string>> {
    const target = { ...(await this.endpoint()), ...judge };
    return servedCertificate(await this.cheapestVantage(target), target);
  }

  /**
   * How a request without a credential for a path is refused: 403 for `system:anonymous`, who cannot do `verb` on
   * `resource` (the path itself unless given), where the live setting lets such requests in; 401 where it does not.
   */
  async refusesAnonymous(path: string, verb = "get", resource = path): Promise<Refusal> {
    const admitted = await this.admitsAnonymous(path);
    return admitted ? forbidden(verb, resource, { user: "system:anonymous" }) : unauthorized();
  }

  /** Whether a request without a credential for a path counts as `system:anonymous`, by the live setting. */
  async admitsAnonymous(path: string): Promise<boolean> {
    const { enabled, paths } = await this.scope.once(`anonymous requests at ${this.node.name}`, () =>
      anonymousRequests(this.node),
    );
    return enabled && (paths === undefined || paths.includes(path.replace(/\?.*/, "")));
  }
}
