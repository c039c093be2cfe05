import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import type { Identity } from "../identity/index.ts";
import { readKubelet } from "./answers.ts";
import type { Exchange, Outcome } from "./outcome.ts";
import type { ContainerName } from "./pod-streams.ts";
import { address, openTls, outcomeOf, type Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";
import { frames, OPCODE } from "./websocket-frames.ts";

const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Runs a command through the kubelet's own /exec, over a WebSocket. Its request is a GET, so the kubelet asks for the verb
 * `get` (pkg/kubelet/server/auth.go). What the command wrote is text in the outcome's data.
 */
export async function kubeletExec(
  vantage: Vantage,
  target: Target,
  as: Identity,
  container: ContainerName,
  command: string[],
): Promise<Exchange<string>> {
  const where = { vantage: vantage.kind, from: vantage.from, to: address(target), as: as.label };
  try {
    const stream = await openTls(vantage, target, as);
    try {
      return { ...where, outcome: await upgrade(stream, as, execPath(container, command)) };
    } finally {
      stream.destroy();
    }
  } catch (error) {
    return { ...where, outcome: outcomeOf(error) };
  }
}

function execPath({ namespace, pod, container }: ContainerName, command: string[]): string {
  const query = new URLSearchParams([
    ["output", "1"],
    ...command.map((word) => ["command", word] as [string, string]),
  ]);
  return `/exec/${namespace}/${pod}/${container}?${query}`;
}

async function upgrade(stream: Duplex, as: Identity, path: string): Promise<Outcome<string>> {
  const request = httpRequest({
    createConnection: () => stream,
    path,
    headers: {
      host: "planeproof",
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": randomBytes(16).toString("base64"),
      "sec-websocket-protocol": "v4.channel.k8s.io",
      ...(as.token === undefined ? {} : { authorization: `Bearer ${as.token}` }),
    },
  });
  const timeout = setTimeout(() => request.destroy(new Error("no answer to the request")), ANSWER_TIMEOUT_MS);
  try {
    const refused = once(request, "response") as Promise<[IncomingMessage]>;
    const opened = once(request, "upgrade") as Promise<[IncomingMessage, Duplex, Buffer]>;
    request.end();
    const answer = await Promise.race([refused, opened]);
    if (answer.length < 3) {
      const [response] = answer;
      return readKubelet({ status: response.statusCode ?? 0, body: await text(response) });
    }
    const [, socket, head] = answer as [IncomingMessage, Duplex, Buffer];
    const output = stdoutOf(await untilClosed(socket, head));
    return {
      kind: "accepted",
      status: 101,
      summary: `the command ran and wrote ${output.length} bytes`,
      data: output,
    };
  } finally {
    clearTimeout(timeout);
  }
}

/** Everything that the server sends until it ends the exec: it closes the stream behind its close frame, or waits for ours. */
async function untilClosed(socket: Duplex, head: Buffer): Promise<Buffer> {
  let received = head;
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (frames(received).some(({ opcode }) => opcode === OPCODE.close)) socket.end();
  });
  if (frames(received).some(({ opcode }) => opcode === OPCODE.close)) socket.end();
  await Promise.race([once(socket, "end"), once(socket, "close")]);
  return received;
}

const STDOUT = 1;

/** The text on the channel of stdout: the first byte of each message names its channel (v4.channel.k8s.io). */
function stdoutOf(received: Buffer): string {
  const parts = frames(received).filter(
    ({ opcode, payload }) => opcode !== OPCODE.close && payload[0] === STDOUT,
  );
  return Buffer.concat(parts.map(({ payload }) => payload.subarray(1))).toString();
}
