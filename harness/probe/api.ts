import { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";
import {
  AdmissionregistrationV1Api,
  ApiException,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  CertificatesV1Api,
  CoordinationV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
  type RequestContext,
} from "@kubernetes/client-node";
import { Agent } from "undici";
import { endpointOf } from "../cluster/endpoints.ts";
import type { Identity } from "../identity/index.ts";
import { registerSecretObject, type SecretObject } from "../identity/register.ts";
import { touch } from "../support/touches.ts";
import { apiRefusal, readApi } from "./answers.ts";
import { type HttpRequest, https } from "./http.ts";
import type { Exchange, Outcome } from "./outcome.ts";
import { openTls, outcomeOf, type Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";

/** An API server as a client reaches it, and the CA by which the client knows it. */
export interface ApiTarget {
  /** `https://127.0.0.1:40123` */
  url: string;
  caPem: string;
  /** From where it is dialled. */
  vantage: Vantage;
}

const CLIENTS = {
  admission: AdmissionregistrationV1Api,
  apps: AppsV1Api,
  authentication: AuthenticationV1Api,
  authorization: AuthorizationV1Api,
  certificates: CertificatesV1Api,
  coordination: CoordinationV1Api,
  core: CoreV1Api,
  discovery: DiscoveryV1Api,
  rbac: RbacAuthorizationV1Api,
};

/** The generated clients of @kubernetes/client-node, by API group. */
export type Clients = { [group in keyof typeof CLIENTS]: InstanceType<(typeof CLIENTS)[group]> };

const ANSWER_TIMEOUT_MS = 15_000;

/** The Kubernetes API as one identity sees it. */
export class Api {
  readonly as: Identity;
  readonly server: ApiTarget;
  /** The identity's own kubeconfig: for client-node's Exec, Attach and Log. */
  readonly config: KubeConfig;
  /** The clients themselves, for setting a scene; a refusal is thrown. */
  readonly clients: Clients;

  constructor(server: ApiTarget, as: Identity) {
    this.server = server;
    this.as = as;
    this.config = kubeConfig(server, as);
    this.clients = clientsOf(this.config);
  }

  /**
   * One call as an exchange: `api.call((clients) => clients.core.listNamespacedPod({ namespace }))`. The answer is the
   * accepted outcome's data.
   */
  async call<T>(ask: (clients: Clients) => Promise<T>): Promise<Exchange<T>> {
    return { ...this.#where(), outcome: await answered(ask(this.clients)) };
  }

  /** One request that the generated clients do not know. */
  async request<T = unknown>(request: HttpRequest): Promise<Exchange<T>> {
    noteChange(request.method ?? (request.body === undefined ? "GET" : "POST"), request.path);
    noteSecret(request.path, request.body);
    return https(this.server.vantage, tlsTarget(this.server), this.as, request, readApi<T>);
  }

  #where(): Omit<Exchange, "outcome"> {
    const { vantage, url } = this.server;
    return { vantage: vantage.kind, from: vantage.from, to: new URL(url).host, as: this.as.label };
  }
}

/**
 * client-node makes an agent for each call, and with it a TLS connection. Here an identity's calls share its own few. Not
 * over HTTP/2: behind a request that it refused, or that was anonymous, the API server ends such a connection with all that
 * is on it (k8s.io/apiserver, pkg/endpoints/filters/authentication.go, UnauthenticatedHTTP2DOSMitigation).
 */
class ConnectedConfig extends KubeConfig {
  readonly #agent: Agent;
  readonly #streams: HttpsAgent;

  constructor(server: ApiTarget, as: Identity) {
    super();
    const open = () => openTls(server.vantage, tlsTarget(server), as);
    this.#agent = new Agent({
      allowH2: false,
      connect: (_options, connected) => {
        open().then(
          (socket) => connected(null, socket),
          (error: Error) => connected(error, null),
        );
      },
    });
    this.#streams = new StreamAgent(open);
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    noteChange(context.getHttpMethod(), context.getUrl());
    noteSecret(context.getUrl(), context.getBody());
    context.setDispatcher(this.#agent);
  }

  /** What client-node opens its WebSockets with. */
  override async applyToHTTPSOptions(options: { agent?: unknown }): Promise<void> {
    await super.applyToHTTPSOptions(options);
    options.agent = this.#streams;
  }
}

/** Opens the connection of each WebSocket from the same place as all others. */
class StreamAgent extends HttpsAgent {
  readonly #open: () => Promise<Duplex>;

  constructor(open: () => Promise<Duplex>) {
    super();
    this.#open = open;
  }

  override createConnection(
    _options: object,
    connected: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#open().then(
      (stream) => connected(null, stream),
      (error: Error) => connected(error, undefined as never), // Node's types know of no failure
    );
  }
}

function tlsTarget({ url, caPem }: ApiTarget): Target {
  return { ...endpointOf(url), trust: caPem };
}

// Reviews and token requests are questions: nothing is stored. A dry run ends before anything would be.
const QUESTION =
  /\/apis\/(authentication|authorization)\.k8s\.io\/|\/serviceaccounts\/[^/]+\/token\b|[?&]dryRun=All/;

/** A request that would create or change an object counts as a change even where it is refused: an open lock lets it in. */
function noteChange(method: string, url: string): void {
  if (method !== "GET" && !QUESTION.test(url))
    touch("own-objects", `${method} ${url.replace(/^https:\/\/[^/]+/, "")}`);
}

/** The values of a Secret that is created or changed are secrets from then on. */
function noteSecret(url: string, body: unknown): void {
  if (!/\/secrets(\/|\?|$)/.test(url) || !body) return;
  registerSecretObject((typeof body === "string" ? JSON.parse(body) : body) as SecretObject);
}

function kubeConfig(server: ApiTarget, as: Identity): KubeConfig {
  const config = new ConnectedConfig(server, as);
  const name = "planeproof";
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  config.loadFromClusterAndUser(
    { name, server: server.url, caData: base64(server.caPem), skipTLSVerify: false },
    {
      name,
      ...(as.token === undefined ? {} : { token: as.token }),
      ...(as.certificate
        ? { certData: base64(as.certificate.certPem), keyData: base64(as.certificate.keyPem) }
        : {}),
    },
  );
  return config;
}

function clientsOf(config: KubeConfig): Clients {
  const made = new Map<string, unknown>();
  return new Proxy({} as Clients, {
    get(_, group: keyof Clients) {
      if (!made.has(group)) made.set(group, config.makeApiClient(CLIENTS[group] as typeof CoreV1Api));
      return made.get(group);
    },
  });
}

/** The outcome of a call that is under way. */
async function answered<T>(call: Promise<T>): Promise<Outcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Outcome<never>>((resolve) => {
    timer = setTimeout(
      () => resolve({ kind: "failed", reason: "no answer from the API server" }),
      ANSWER_TIMEOUT_MS,
    );
  });
  const answer = call.then(
    (data): Outcome<T> => ({ kind: "accepted", summary: "the API server answered", data }),
    apiOutcome,
  );
  return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
}

function apiOutcome(error: unknown): Outcome<never> {
  if (!(error instanceof ApiException)) return outcomeOf(rootCause(error));
  return apiRefusal(error.code, statusMessage(error.body) ?? bareMessage(error));
}

/** client-node reads no body where its OpenAPI document knows no answer of that status, and puts all headers in its place. */
function bareMessage({ message }: ApiException<unknown>): string {
  return /^Message: (.*)$/m.exec(message)?.[1] ?? message;
}

/** client-node hides the TLS error inside the error of its HTTP client. */
function rootCause(error: unknown): unknown {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? rootCause(cause) : error;
}

function statusMessage(body: unknown): string | undefined {
  try {
    const status = (typeof body === "string" ? JSON.parse(body) : body) as { message?: unknown };
    return typeof status.message === "string" ? status.message : undefined;
  } catch {
    return typeof body === "string" ? body : undefined;
  }
}
