import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { afterEach, beforeAll, expect, describe as group, test } from "vitest";
import { Authority, type Leaf, rightTwin, wrong } from "./index.ts";

let signer: Authority;
let sibling: Authority;
let genuine: Leaf;
let serving: Leaf;
let server: Server;

beforeAll(async () => {
  signer = await Authority.create({ cn: "etcd-ca", algorithm: "RSA-2048" });
  sibling = await Authority.create({ cn: "kubernetes" });
  genuine = await signer.issue({ cn: "client", organizations: ["o"], usages: ["client"] });
  serving = await signer.issue({ cn: "server", usages: ["server"], sans: { ip: ["127.0.0.1"] } });
});
afterEach(() => server.close());

/** A server that demands a client certificate of `signer`; where it is not strict it says why instead of hanging up. */
async function listen({ certPem, keyPem }: Leaf, strict = false): Promise<number> {
  const tls = {
    cert: certPem,
    key: keyPem,
    ca: signer.certPem,
    requestCert: true,
    rejectUnauthorized: strict,
  };
  server = createServer(tls, (socket: TLSSocket) => {
    socket.on("error", () => {}); // a client that refuses us resets the connection
    socket.end(socket.authorized ? "welcome" : String(socket.authorizationError));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What the server says to the holder of a certificate: nothing, where it hangs up; or why the client refuses it. */
function visit(port: number, { certPem, keyPem }: Leaf): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    let failure = "";
    const socket = connect({ host: "127.0.0.1", port, cert: certPem, key: keyPem, ca: signer.certPem });
    socket.on("data", (data) => {
      said += data.toString();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.message;
    });
    // TLS 1.3 lets a client finish before the server has judged it, and node hangs up without an alert.
    socket.on("close", () => resolve(said || failure));
  });
}

group("a server that demands certificates of one authority", () => {
  test("takes the genuine certificate and its right twin", async () => {
    const port = await listen(serving, true);
    expect(await visit(port, genuine)).toBe("welcome");
    expect(await visit(port, await rightTwin(genuine.certPem, signer))).toBe("welcome");
  });

  test.each([
    ["authority", () => wrong.rogueCa(genuine.certPem, signer), /UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)/],
    ["sibling", () => wrong.otherCa(genuine.certPem, sibling), /UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)/],
    ["expired", () => wrong.expired(genuine.certPem, signer), /^CERT_HAS_EXPIRED$/],
    ["notYetValid", () => wrong.notYetValid(genuine.certPem, signer), /^CERT_NOT_YET_VALID$/],
    ["usage", () => wrong.usage(genuine.certPem, signer), /^INVALID_PURPOSE$/],
  ])("refuses what is wrong in %s, for that reason", async (_way, make, reason) => {
    const twin = await make();
    expect(await visit(await listen(serving), twin)).toMatch(reason);
    server.close();
    expect(await visit(await listen(serving, true), twin)).not.toContain("welcome");
  });

  test("leaves a wrong subject to authorization: TLS takes it", async () => {
    const twin = await wrong.subject(genuine.certPem, signer, { cn: "somebody else" });
    expect(await visit(await listen(serving, true), twin)).toBe("welcome");
  });
});

group("a client that demands a server of one authority", () => {
  test.each([
    ["authority", () => wrong.rogueCa(serving.certPem, signer), /UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)/],
    ["expired", () => wrong.expired(serving.certPem, signer), /^CERT_HAS_EXPIRED$/],
    ["usage", () => wrong.usage(serving.certPem, signer), /^INVALID_PURPOSE$/],
    [
      "sans",
      () => wrong.sans(serving.certPem, signer, { ip: ["192.0.2.1"] }),
      /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    ],
  ])("refuses one that is wrong in %s", async (_way, make, reason) => {
    expect(await visit(await listen(await make()), genuine)).toMatch(reason);
  });
});
