import { ALERTS, type AlertName, type Layer } from "../results/vocabulary.ts";

/** How a wrong attempt must be refused. What is left out may be anything. */
export interface Refusal {
  layer: Layer;
  /** The TLS alert's number. */
  alert?: number;
  /** The HTTP status. */
  status?: number;
  reason?: RegExp;
}

/**
 * The server hangs up in the handshake with this alert (RFC 8446, section 6). Go's servers send `certificate_required`
 * where no certificate is shown, `unknown_ca` for a foreign one, `certificate_expired` for one outside its validity, either
 * end (crypto/tls, handshake_server.go), `bad_certificate` for a wrong extended key usage.
 */
export function tlsAlert(name: AlertName): Refusal {
  return { layer: "tls", alert: ALERTS[name] };
}

/** The client hangs up: the server's certificate does not satisfy the CA or the name that it was judged by. */
export function serverNotTrusted(reason = /the client refuses the server's certificate/): Refusal {
  return { layer: "tls", reason };
}

/** A TLS server that was spoken to in the clear says so (net/http, server.go). */
export function plaintextRefused(): Refusal {
  return { layer: "tls", status: 400, reason: /HTTP request to an HTTPS server/ };
}

/** Nobody listens there, or a packet rule resets the connection. */
export function connectionRefused(): Refusal {
  return { layer: "tcp" };
}

/** 401: the server does not know who asks. `reason` is for servers that say why. */
export function unauthorized(reason = /^Unauthorized$/): Refusal {
  return { layer: "authentication", status: 401, reason };
}

/** What may be said of a 403 beside verb and resource. */
export interface Forbidden {
  /** The user whom the API server names: `system:anonymous`. */
  user?: string;
  /** Why, in the words of the authorizer that refused: the Node authorizer says more than RBAC. */
  because?: RegExp;
}

/**
 * 403 of the API server: the caller is known and may not. `resource` is a resource (`secrets`, `pods/binding`) or a path
 * (`/metrics`). The message is that of k8s.io/apiserver, handlers/responsewriters/errors.go.
 */
export function forbidden(verb: string, resource: string, { user, because }: Forbidden = {}): Refusal {
  const who = user === undefined ? '"[^"]*"' : literally(`"${user}"`);
  const what = literally(resource.startsWith("/") ? `path "${resource}"` : `resource "${resource}"`);
  const reason = new RegExp(`User ${who} cannot ${verb} ${what}${because ? `.*${because.source}` : ""}`);
  return { layer: "authorization", status: 403, reason };
}

/** 403 of an admission plugin: the caller may do such things, but not this one. */
export function deniedByAdmission(reason: RegExp): Refusal {
  return { layer: "admission", status: 403, reason };
}

/** What is asked for is invalid (400, 409, 422) or not served (404), no matter who asks. */
export function invalid(status: number, reason: RegExp): Refusal {
  return { layer: "validation", status, reason };
}

/** 403 of a kubelet's own authorization, which names user, verb and subresource (pkg/kubelet/server/server.go). */
export function forbiddenByKubelet(reason: RegExp = /^Forbidden \(user=/): Refusal {
  return { layer: "authorization", status: 403, reason };
}

/** The node's kernel lets an ordinary user open none of the files. */
export function permissionDenied(): Refusal {
  return { layer: "authorization", reason: /permission denied for each/ };
}

/** A text as a part of a regular expression that matches just it. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
