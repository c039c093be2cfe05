import { PassThrough } from "node:stream";
import { Attach, Exec, type V1Status } from "@kubernetes/client-node";
import { oneLine } from "../support/errors.ts";
import type { Api } from "./api.ts";
import type { Exchange, Outcome } from "./outcome.ts";

/** A container, as the streams of the API server and of the kubelet name it. */
export interface ContainerName {
  namespace: string;
  pod: string;
  container: string;
}

const STREAM_TIMEOUT_MS = 15_000;

/** A container's log through the API server, which fetches it from the kubelet: text in the outcome's data. */
export async function podLog(
  api: Api,
  { namespace, pod, container }: ContainerName,
  lines = 100,
): Promise<Exchange<string>> {
  const exchange = await api.call(({ core }) =>
    core.readNamespacedPodLog({ namespace, name: pod, container, tailLines: lines }),
  );
  return { ...exchange, outcome: relayedRefusal(exchange.outcome) };
}

/** What goes wrong between the API server and a kubelet, in the API server's words: it is no failure of the environment. */
function relayedRefusal<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.kind === "accepted") return outcome;
  const distrust = /(tls: failed to verify certificate: )?x509: .*/.exec(outcome.reason)?.[0];
  if (distrust) return { kind: "refused", layer: "tls", reason: distrust };
  const byKubelet = outcome.kind === "refused" && /^Forbidden \(user=/.test(outcome.reason);
  return byKubelet ? { ...outcome, layer: "authorization" } : outcome;
}

/** Runs a command through the API server, feeds it `input` to the end, and returns what it wrote: a Buffer as data. */
export function podExec(
  api: Api,
  { namespace, pod, container }: ContainerName,
  command: string[],
  input: Buffer,
): Promise<Exchange<Buffer>> {
  return streamed(api, "exec", async ({ stdin, stdout }, done) => {
    const ended = ({ status, message }: V1Status) =>
      done(status === "Success" ? undefined : (message ?? "it failed"));
    const exec = new Exec(api.config);
    const socket = await exec.exec(namespace, pod, container, command, stdout, null, stdin, false, ended);
    stdin.end(input);
    return socket;
  });
}

/** Attaches to what a container runs, feeds it `input`, and returns as many bytes as came back: a Buffer as data. */
export function podAttach(
  api: Api,
  { namespace, pod, container }: ContainerName,
  input: Buffer,
): Promise<Exchange<Buffer>> {
  return streamed(api, "attach", async ({ stdin, stdout }, done) => {
    let received = 0;
    stdout.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received >= input.length) done();
    });
    const socket = await new Attach(api.config).attach(namespace, pod, container, stdout, null, stdin, false);
    stdin.write(input); // not its end: that would end the attachment, with whatever is still on its way back
    return socket;
  });
}

/** Opens a stream's WebSocket and feeds it; `done` is to be called at its end, with a reason where it ended badly. */
type Opens = (
  io: { stdin: PassThrough; stdout: PassThrough },
  done: (reason?: string) => void,
) => Promise<{ close(): void }>;

async function streamed(api: Api, what: string, open: Opens): Promise<Exchange<Buffer>> {
  const { vantage, url } = api.server;
  const where = { vantage: vantage.kind, from: vantage.from, to: new URL(url).host, as: api.as.label };
  return { ...where, outcome: await stream(what, open) };
}

async function stream(what: string, open: Opens): Promise<Outcome<Buffer>> {
  const io = { stdin: new PassThrough(), stdout: new PassThrough() };
  const written: Buffer[] = [];
  io.stdout.on("data", (chunk: Buffer) => written.push(chunk));
  const ended = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => ended.resolve(`no end of the ${what}`), STREAM_TIMEOUT_MS);
  try {
    const socket = await open(io, ended.resolve);
    const reason = await ended.promise;
    socket.close();
    if (reason !== undefined) return { kind: "failed", reason };
    const data = Buffer.concat(written);
    return { kind: "accepted", summary: `${data.length} bytes came back`, data };
  } catch (error) {
    return refusalOf(error);
  } finally {
    clearTimeout(timer);
  }
}

/** A WebSocket that is not opened tells no more than the status that it got instead. */
function refusalOf(error: unknown): Outcome<never> {
  const reason = oneLine((error as { message?: unknown }).message ?? error);
  const status = Number(/Unexpected server response: (\d+)/.exec(reason)?.[1]);
  if (status === 401) return { kind: "refused", layer: "authentication", status, reason };
  if (status === 403) return { kind: "refused", layer: "authorization", status, reason };
  return { kind: "failed", reason };
}
