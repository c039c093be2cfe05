import { oneLine } from "../support/errors.ts";
import type { HttpAnswer } from "./http.ts";
import type { Outcome } from "./outcome.ts";

/** Reads an answer by its HTTP status alone: what etcd, health endpoints and plain servers say. */
export function readPlain({ status, body }: HttpAnswer): Outcome<string> {
  if (status < 400) return { kind: "accepted", status, summary: `HTTP ${status}`, data: body };
  return refusalByStatus(status, oneLine(body));
}

/** Reads an answer of the Kubernetes API: JSON, and a Status object where it refuses. */
export function readApi<T>({ status, body }: HttpAnswer): Outcome<T> {
  const data = json(body);
  if (status < 400) return { kind: "accepted", status, summary: `HTTP ${status}`, data: data as T };
  return apiRefusal(status, message(data) ?? oneLine(body));
}

/** Reads an answer of a kubelet: text; a webhook that cannot be asked is a 500 (pkg/kubelet/server/server.go). */
export function readKubelet({ status, body }: HttpAnswer): Outcome<string> {
  if (status < 400) return { kind: "accepted", status, summary: `HTTP ${status}`, data: body };
  if (status === 500 && body.startsWith("Authorization error")) {
    return { kind: "refused", layer: "authorization", status, reason: oneLine(body) };
  }
  return refusalByStatus(status, oneLine(body));
}

/**
 * The refusal behind a status of the Kubernetes API. Both authorization and admission answer 403; only authorization's
 * message has the form `User "…" cannot VERB resource …` (k8s.io/apiserver, handlers/responsewriters/errors.go).
 */
export function apiRefusal(status: number, reason: string): Outcome<never> {
  if (status === 403 && !/User "([^"\\]|\\.)*" cannot /.test(reason)) {
    return { kind: "refused", layer: "admission", status, reason };
  }
  return refusalByStatus(status, reason);
}

function refusalByStatus(status: number, reason: string): Outcome<never> {
  if (status === 401) return { kind: "refused", layer: "authentication", status, reason };
  if (status === 403) return { kind: "refused", layer: "authorization", status, reason };
  if (status === 400 && /HTTP request to an HTTPS server/i.test(reason)) {
    return { kind: "refused", layer: "tls", status, reason };
  }
  if (status < 500 && status !== 408 && status !== 429)
    return { kind: "refused", layer: "validation", status, reason };
  return { kind: "failed", reason: `HTTP ${status}: ${reason}` };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function message(data: unknown): string | undefined {
  const found = (data as { message?: unknown } | null)?.message;
  return typeof found === "string" ? oneLine(found, 500) : undefined;
}
