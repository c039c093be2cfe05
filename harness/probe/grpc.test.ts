import { once } from "node:events";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from "node:http2";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Server as TcpServer } from "node:net";
import { buffer } from "node:stream/consumers";
import { createServer as createTls, type TlsOptions } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { byCertificate, type Identity, nobody } from "../identity/index.ts";
import { Authority, type Leaf } from "../pki/index.ts";
import { joined } from "../provider/process-stream.ts";
import { grpc, readGrpc } from "./grpc.ts";
import { fromHost, type Vantage } from "./vantage.ts";

let authority: Authority;
let serving: Leaf;
let client: Identity;
beforeAll(async () => {
  authority = await Authority.create({ cn: "etcd-ca" });
  serving = await authority.issue({ cn: "server", usages: ["server"], sans: { ip: ["127.0.0.1"] } });
  client = byCertificate(await authority.issue({ cn: "client", usages: ["client"] }));
});

let server: TcpServer | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function listen(made: TcpServer): Promise<{ host: string; port: number }> {
  server = made.listen(0, "127.0.0.1");
  await once(made, "listening");
  return { host: "127.0.0.1", port: (made.address() as AddressInfo).port };
}

const secrets = (): TlsOptions => ({
  cert: serving.certPem,
  key: serving.keyPem,
  ca: authority.certPem,
  requestCert: true,
});

/** A gRPC server that demands client certificates of the authority. */
function mutual(answer: (stream: ServerHttp2Stream, path: string) => void, options: TlsOptions = {}) {
  const made: Http2SecureServer = createSecureServer({ ...secrets(), ...options });
  made.on("sessionError", () => {});
  made.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    answer(stream, String(headers[":path"]));
  });
  return listen(made as unknown as TcpServer);
}

const framed = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, 0, text.length]), Buffer.from(text)]);

/** Answers with a message and a status behind it. */
function says(stream: ServerHttp2Stream, body: Buffer, trailers: Record<string, string>) {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(body);
}

const call = { method: "a.B/C", message: Buffer.from("asked") };
const read = (message: Buffer) => ({ data: message.toString(), summary: `${message.length} bytes` });

/** Its connections are streams of our own making, as those of a relay are. */
const fromElsewhere: Vantage = {
  kind: "node",
  from: "elsewhere",
  async connect(host, port) {
    const socket = await fromHost.connect(host, port);
    return joined(socket, socket);
  },
};

describe.each([fromHost, fromElsewhere])("from $from", (vantage) => {
  test("a message goes there, and one comes back", async () => {
    const target = await mutual(async (stream, path) => {
      says(stream, framed(`${path} ${(await buffer(stream)).subarray(5)}`), { "grpc-status": "0" });
    });
    expect(await grpc(vantage, target, client, call, read)).toEqual({
      vantage: vantage.kind,
      from: vantage.from,
      to: `127.0.0.1:${target.port}`,
      as: "CN=client, signed by CN=etcd-ca",
      outcome: { kind: "accepted", status: 200, summary: "12 bytes", data: "/a.B/C asked" },
    });
  });

  // Under TLS 1.3 the alert comes after our side has finished the handshake; under 1.2, instead of its end.
  test.each([
    ["TLSv1.3", 116, "certificate required"],
    ["TLSv1.2", 40, "handshake failure"],
  ] as const)("a server refuses nobody, by an alert: %s", async (version, alert, reason) => {
    const target = { ...(await mutual(() => {})), limits: { maxVersion: version } };
    const { outcome } = await grpc(vantage, target, nobody, call, read);
    expect(outcome).toEqual({ kind: "refused", layer: "tls", alert, reason });
  });

  // So does etcd's peer listener where the caller's address is wrong.
  test("a server that hangs up behind the handshake proves nothing", async () => {
    const made = createTls({ ...secrets(), ALPNProtocols: ["h2"] }, (socket) => socket.destroy());
    const { outcome } = await grpc(vantage, await listen(made), client, call, read);
    expect(outcome.kind).toBe("failed");
  });

  test("a server that ends the call, or the connection, proves nothing", async () => {
    for (const end of [
      (stream: ServerHttp2Stream) => stream.close(),
      (stream: ServerHttp2Stream) => stream.session?.destroy(),
      (stream: ServerHttp2Stream) => stream.session?.goaway(2),
    ]) {
      const { outcome } = await grpc(vantage, await mutual(end), client, call, read);
      expect(outcome.kind).toBe("failed");
      server?.close();
    }
  });
});

test("a status is said behind the answer, or in its place", async () => {
  const status = { "grpc-status": "7", "grpc-message": "etcdserver: permission denied" };
  const refused = {
    kind: "refused",
    layer: "authorization",
    reason: "grpc-status 7: etcdserver: permission denied",
  };
  const trailers = await mutual((stream) => says(stream, Buffer.alloc(0), status));
  expect((await grpc(fromHost, trailers, client, call, read)).outcome).toEqual(refused);
  server?.close();
  const only = await mutual((stream) => stream.respond({ ":status": 200, ...status }, { endStream: true }));
  expect((await grpc(fromHost, only, client, call, read)).outcome).toEqual(refused);
});

test("a server of HTTP/1.1 only is no gRPC server", async () => {
  const target = await listen(createHttps(secrets(), (_, response) => response.end("ok")));
  const { outcome } = await grpc(fromHost, target, client, call, read);
  expect(outcome.kind).not.toBe("accepted");
});

describe("what an answer means", () => {
  const outcome = (headers: Record<string, unknown>, body = framed("x")) =>
    readGrpc({ headers: { ":status": 200, ...headers }, body }, read);

  test.each([
    ["3", "validation"],
    ["5", "validation"],
    ["7", "authorization"],
    ["12", "validation"],
    ["16", "authentication"],
  ])("grpc-status %s is a refusal by %s", (status, layer) => {
    expect(outcome({ "grpc-status": status, "grpc-message": "no: 100%25, f%C3%BCr %zz" })).toEqual({
      kind: "refused",
      layer,
      reason: `grpc-status ${status}: no: 100%, für %zz`,
    });
  });

  test.each(["1", "2", "4", "8", "10", "13", "14", "15", "99", ""])(
    "grpc-status %j proves nothing",
    (status) => {
      expect(outcome({ "grpc-status": status })).toMatchObject({ kind: "failed" });
    },
  );

  test("an HTTP answer is not a gRPC one", () => {
    expect(outcome({ ":status": 403 }, Buffer.from("no"))).toMatchObject({
      layer: "authorization",
      status: 403,
    });
    expect(outcome({ ":status": 503 })).toMatchObject({ kind: "failed" });
    expect(outcome({})).toMatchObject({ kind: "failed", reason: expect.stringContaining("grpc-status") });
  });

  test.each([
    ["none", ""],
    ["half a message", "000000000561"],
    ["two messages", "00000000016100000000016"],
    ["a compressed one", "010000000161"],
  ])("%s instead of one message is an error", (_what, hex) => {
    expect(() => outcome({ "grpc-status": "0" }, Buffer.from(hex, "hex"))).toThrow("not one gRPC message");
  });
});
