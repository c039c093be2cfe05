import { once } from "node:events";
import { connect } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Identity } from "../identity/index.ts";
import type { Layer } from "../results/vocabulary.ts";
import { oneLine } from "../support/errors.ts";
import { readPlain } from "./answers.ts";
import type { Exchange, Outcome } from "./outcome.ts";
import { address, openTls, outcomeOf, type Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";

/** One message to a method, `etcdserverpb.KV/Range`, that answers with one message. */
export interface GrpcCall {
  method: string;
  message: Buffer;
}

/** An answer: the headers and trailers of its HTTP/2 stream, and its body. */
export interface GrpcAnswer {
  headers: Record<string, unknown>;
  body: Buffer;
}

/** What an answer's message says: data for the claim, and a few words that are safe to print. */
type Read<T> = (message: Buffer) => { data: T; summary: string };

const ANSWER_TIMEOUT_MS = 15_000;

/**
 * One gRPC call over TLS (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), over a connection of its own.
 */
export async function grpc<T>(
  vantage: Vantage,
  target: Target,
  as: Identity,
  call: GrpcCall,
  read: Read<T>,
): Promise<Exchange<T>> {
  const where = { vantage: vantage.kind, from: vantage.from, to: address(target), as: as.label };
  try {
    const socket = await openTls(vantage, target, as, "h2");
    const timeout = setTimeout(() => socket.destroy(new Error("no answer to the call")), ANSWER_TIMEOUT_MS);
    try {
      await serverBegins(socket);
      return { ...where, outcome: readGrpc(await answerTo(call, socket, target), read) };
    } finally {
      clearTimeout(timeout);
      socket.destroy();
    }
  } catch (error) {
    return { ...where, outcome: outcomeOf(error) };
  }
}

/**
 * Waits for the server's first frame (its SETTINGS: RFC 9113, section 3.4), before which we send none of our own. Under
 * TLS 1.3 a server judges our certificate when we already believe to be connected. One that refuses it while more of ours
 * waits to be read ends the connection with a reset, and a reset may overtake the alert that says why.
 */
async function serverBegins(socket: TLSSocket): Promise<void> {
  if (socket.alpnProtocol !== "h2") throw new Error("the server does not speak HTTP/2");
  await Promise.race([once(socket, "readable"), once(socket, "close")]);
  if (socket.readableLength === 0) throw new Error("the server hung up without a word");
}

function answerTo({ method, message }: GrpcCall, socket: TLSSocket, target: Target): Promise<GrpcAnswer> {
  const session = connect(`https://${address(target)}`, { createConnection: () => socket });
  const answer = new Promise<GrpcAnswer>((resolve, reject) => {
    session.on("error", reject);
    const stream = session.request({
      ":method": "POST",
      ":path": `/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const headers: GrpcAnswer["headers"] = {};
    const body: Buffer[] = [];
    stream.on("response", (first) => Object.assign(headers, first));
    stream.on("trailers", (last) => Object.assign(headers, last));
    stream.on("data", (chunk: Buffer) => body.push(chunk));
    stream.on("end", () => resolve({ headers, body: Buffer.concat(body) }));
    stream.on("error", reject);
    stream.on("close", () => reject(new Error("the server ended the call"))); // counts for nothing behind an end
    stream.end(framed(message));
  });
  return answer.finally(() => session.destroy());
}

const PREFIX_BYTES = 5; // whether the message is compressed (one byte), and its length

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function unframed(body: Buffer): Buffer {
  const whole = body.length >= PREFIX_BYTES && body.length === PREFIX_BYTES + body.readUInt32BE(1);
  if (!whole || body.readUInt8(0) !== 0) throw new Error("an answer that is not one gRPC message");
  return body.subarray(PREFIX_BYTES);
}

/** Who refuses with a status (https://grpc.io/docs/guides/status-codes/); with another one the server has failed. */
const REFUSED_BY: Record<string, Layer> = {
  3: "validation", // INVALID_ARGUMENT
  5: "validation", // NOT_FOUND
  6: "validation", // ALREADY_EXISTS
  7: "authorization", // PERMISSION_DENIED
  9: "validation", // FAILED_PRECONDITION
  11: "validation", // OUT_OF_RANGE
  12: "validation", // UNIMPLEMENTED
  16: "authentication", // UNAUTHENTICATED
};

/** Reads an answer by its status, which stands in the trailers, or in the headers where nothing else was sent. */
export function readGrpc<T>({ headers, body }: GrpcAnswer, read: Read<T>): Outcome<T> {
  const { "grpc-status": status, "grpc-message": said = "" } = headers;
  const http = Number(headers[":status"]);
  if (status === "0") return { kind: "accepted", status: http, ...read(unframed(body)) };
  if (status === undefined) return withoutStatus(http, body);
  const reason = `grpc-status ${status}: ${oneLine(percentDecoded(String(said)))}`;
  const layer = REFUSED_BY[String(status)];
  return layer ? { kind: "refused", layer, reason } : { kind: "failed", reason };
}

/** An answer of something else than a gRPC server: a proxy, an HTTP handler. */
function withoutStatus(http: number, body: Buffer): Outcome<never> {
  const outcome = readPlain({ status: http, body: body.toString() });
  if (outcome.kind !== "accepted") return outcome;
  return { kind: "failed", reason: `HTTP ${http}: an answer without grpc-status` };
}

function percentDecoded(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll("%", ""), "hex").toString(),
  );
}
