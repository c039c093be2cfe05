import { once } from "node:events";
import { createServer as createPlain, type RequestListener, type Server } from "node:http";
import { createServer as createSecure } from "node:https";
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from "node:net";
import { text } from "node:stream/consumers";
import type { TLSSocket, TlsOptions } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { byCertificate, byToken, type Identity, nobody } from "../identity/index.ts";
import { Authority, type Leaf } from "../pki/index.ts";
import { readPlain } from "./answers.ts";
import { https, plainHttp, tcp } from "./http.ts";
import { fromHost } from "./vantage.ts";

let authority: Authority;
let serving: Leaf;
let client: Identity;
beforeAll(async () => {
  authority = await Authority.create({ cn: "etcd-ca" });
  serving = await authority.issue({
    cn: "server",
    usages: ["server"],
    sans: { ip: ["127.0.0.1"], dns: ["a.b"] },
  });
  client = byCertificate(await authority.issue({ cn: "client", usages: ["client"] }));
});

let server: TcpServer | Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function listen(made: TcpServer | Server): Promise<{ host: string; port: number }> {
  server = made.listen(0, "127.0.0.1");
  await once(made, "listening");
  return { host: "127.0.0.1", port: (made.address() as AddressInfo).port };
}

/** A server that demands client certificates of the authority. */
function mutual(answer: RequestListener = (_, response) => response.end("ok"), options: TlsOptions = {}) {
  const { certPem: cert, keyPem: key } = serving;
  return listen(createSecure({ cert, key, ca: authority.certPem, requestCert: true, ...options }, answer));
}

const get = { path: "/" };

describe("a server that demands a certificate", () => {
  test("answers to one of its authority, and knows who asks", async () => {
    const target = await mutual((request, response) => {
      response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN);
    });
    expect(await https(fromHost, target, client, get, readPlain)).toEqual({
      vantage: "host",
      from: "host",
      to: `127.0.0.1:${target.port}`,
      as: "CN=client, signed by CN=etcd-ca",
      outcome: { kind: "accepted", status: 200, summary: "HTTP 200", data: "client" },
    });
  });

  // Under TLS 1.3 the alert comes after our side has finished the handshake; under 1.2, instead of its end.
  test.each([
    ["TLSv1.3", 116, "certificate required"],
    ["TLSv1.2", 40, "handshake failure"],
  ] as const)("refuses nobody, by an alert: %s", async (version, alert, reason) => {
    const target = { ...(await mutual()), limits: { maxVersion: version } };
    const { outcome } = await https(fromHost, target, nobody, get, readPlain);
    expect(outcome).toEqual({ kind: "refused", layer: "tls", alert, reason });
  });

  test("refuses an old protocol", async () => {
    const target = await mutual(undefined, { minVersion: "TLSv1.3" });
    const old = { ...target, limits: { maxVersion: "TLSv1.2" } as const };
    const { outcome } = await https(fromHost, old, client, get, readPlain);
    expect(outcome).toMatchObject({ kind: "refused", layer: "tls", alert: 70 });
  });
});

test("we judge the server by authority and name, where we are told to", async () => {
  const target = await mutual();
  const other = await Authority.create({ cn: "etcd-ca" });
  const judged = async (about: { trust?: string; serverName?: string }) =>
    (await https(fromHost, { ...target, ...about }, client, get, readPlain)).outcome;
  const trust = authority.certPem;
  expect(await judged({})).toMatchObject({ kind: "accepted" });
  expect(await judged({ trust })).toMatchObject({ kind: "accepted" });
  expect(await judged({ trust, serverName: "a.b" })).toMatchObject({ kind: "accepted" });
  for (const wrong of [
    { trust: other.certPem },
    { trust, serverName: "b.a" },
    { trust, serverName: "127.0.0.2" },
  ]) {
    const reason = expect.stringContaining("the client refuses the server's certificate");
    expect(await judged(wrong)).toEqual({ kind: "refused", layer: "tls", reason });
  }
});

test("sends method, headers, body and token, in the clear too", async () => {
  const target = await listen(
    createPlain(async (request, response) => {
      const { method, url, headers } = request;
      const seen = [method, url, headers.authorization, headers["content-type"], await text(request)];
      response.writeHead(201).end(JSON.stringify(seen));
    }),
  );
  const post = await plainHttp(fromHost, target, { path: "/a?b", body: { c: 1 } }, readPlain);
  expect(post.outcome).toMatchObject({
    status: 201,
    data: JSON.stringify(["POST", "/a?b", null, "application/json", '{"c":1}']),
  });
  const secure = await mutual(
    ({ method, headers }, response) => response.end(`${method} ${headers.authorization}`),
    {
      requestCert: false,
    },
  );
  const { outcome } = await https(
    fromHost,
    secure,
    byToken("a.b.c"),
    { ...get, method: "DELETE" },
    readPlain,
  );
  expect(outcome).toMatchObject({ data: "DELETE Bearer a.b.c" });
});

describe("what goes wrong", () => {
  test("a server that does not speak TLS refuses by TLS", async () => {
    const target = await listen(createTcp((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    const { outcome } = await https(fromHost, target, client, get, readPlain);
    expect(outcome).toMatchObject({ kind: "refused", layer: "tls" });
  });

  test("a server that hangs up without a word proves nothing", async () => {
    const silent = await listen(createTcp((socket) => socket.once("data", () => socket.end())));
    expect((await https(fromHost, silent, client, get, readPlain)).outcome.kind).toBe("failed");
    expect((await plainHttp(fromHost, silent, get, readPlain)).outcome.kind).toBe("failed");
  });

  test("an answer that breaks off proves nothing", async () => {
    const broken = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    const target = await listen(createTcp((socket) => socket.once("data", () => socket.end(broken))));
    expect((await plainHttp(fromHost, target, get, readPlain)).outcome.kind).toBe("failed");
  });
});

test("a port is open, or refuses", async () => {
  const target = await listen(createTcp());
  expect((await tcp(fromHost, target)).outcome).toMatchObject({ kind: "accepted" });
  server?.close();
  await once(server as TcpServer, "close");
  expect((await tcp(fromHost, target)).outcome).toMatchObject({ kind: "refused", layer: "tcp" });
});
