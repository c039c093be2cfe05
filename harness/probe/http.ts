import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { type Identity, nobody } from "../identity/index.ts";
import type { Exchange, Outcome } from "./outcome.ts";
import { address, openTls, outcomeOf, type Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";

export interface HttpRequest {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/healthz?verbose` */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

/** An answer: its status, and its body as text. */
export interface HttpAnswer {
  status: number;
  body: string;
}

/** What an answer means to the one who asks; each server has its own way of refusing. */
export type Reading<T> = (answer: HttpAnswer) => Outcome<T>;

const ANSWER_TIMEOUT_MS = 15_000;

/** One request over TLS, with a credential's certificate or token. */
export async function https<T>(
  vantage: Vantage,
  target: Target,
  as: Identity,
  request: HttpRequest,
  reading: Reading<T>,
): Promise<Exchange<T>> {
  const open = () => openTls(vantage, target, as);
  return { ...where(vantage, target, as), outcome: await ask(open, as, request, reading) };
}

/** One request in the clear. */
export async function plainHttp<T>(
  vantage: Vantage,
  target: Pick<Target, "host" | "port">,
  request: HttpRequest,
  reading: Reading<T>,
): Promise<Exchange<T>> {
  const open = () => vantage.connect(target.host, target.port);
  return { ...where(vantage, target, nobody), outcome: await ask(open, nobody, request, reading) };
}

/** Whether a TCP port can be connected to at all. */
export async function tcp(
  vantage: Vantage,
  target: Pick<Target, "host" | "port">,
): Promise<Exchange<undefined>> {
  const place = where(vantage, target, nobody);
  try {
    (await vantage.connect(target.host, target.port)).destroy();
    return { ...place, outcome: { kind: "accepted", summary: "the port is open", data: undefined } };
  } catch (error) {
    return { ...place, outcome: outcomeOf(error) };
  }
}

function where(
  vantage: Vantage,
  target: Pick<Target, "host" | "port">,
  as: Identity,
): Omit<Exchange, "outcome"> {
  return { vantage: vantage.kind, from: vantage.from, to: address(target), as: as.label };
}

async function ask<T>(
  open: () => Promise<Duplex>,
  as: Identity,
  request: HttpRequest,
  reading: Reading<T>,
): Promise<Outcome<T>> {
  try {
    const stream = await open();
    try {
      return reading(await exchange(stream, as, request));
    } finally {
      stream.destroy();
    }
  } catch (error) {
    return outcomeOf(error);
  }
}

/** Sends a request over an open stream and reads the whole answer. A silent server is an error after 15 s. */
async function exchange(
  stream: Duplex,
  as: Identity,
  { method, path, headers, body }: HttpRequest,
): Promise<HttpAnswer> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const request = httpRequest({
    createConnection: () => stream as Socket,
    method: method ?? (payload === undefined ? "GET" : "POST"),
    path,
    headers: {
      host: "planeproof",
      connection: "close",
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
      ...(as.token === undefined ? {} : { authorization: `Bearer ${as.token}` }),
      ...headers,
    },
  });
  const timeout = setTimeout(() => request.destroy(new Error("no answer to the request")), ANSWER_TIMEOUT_MS);
  try {
    request.end(payload);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, body: await text(response) };
  } finally {
    clearTimeout(timeout);
  }
}
