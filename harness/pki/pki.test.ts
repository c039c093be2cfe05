import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server } from "node:tls";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Authority, describeCertificate, type Leaf, rightTwin, wrong } from "./index.ts";

let genuineCa: Authority;
let sibling: Authority;
let genuine: Leaf;

beforeAll(async () => {
  genuineCa = await Authority.create("etcd-ca", "RSA-2048");
  sibling = await Authority.create("kubernetes");
  genuine = await genuineCa.issue({
    cn: "client",
    organizations: ["system:masters"],
    usages: ["client"],
    sans: { dns: ["localhost"], ip: ["127.0.0.1", "::1"] },
  });
});

describe("a twin is wrong in one way only", () => {
  const facts = (pem: string) => {
    const { subject, sans, usages, issuer, notBefore, notAfter } = describeCertificate(pem);
    const valid = notBefore.getTime() <= Date.now() && notAfter.getTime() >= Date.now();
    return { subject, sans, usages, issuer, valid };
  };

  test.each([
    ["authority", () => wrong.authority(genuine.certPem, genuineCa.certPem), []],
    ["sibling", () => wrong.sibling(genuine.certPem, sibling), ["issuer"]],
    ["expired", () => wrong.expired(genuine.certPem, genuineCa), ["valid"]],
    ["notYetValid", () => wrong.notYetValid(genuine.certPem, genuineCa), ["valid"]],
    ["usage", () => wrong.usage(genuine.certPem, genuineCa), ["usages"]],
    ["subject", () => wrong.subject(genuine.certPem, genuineCa, { cn: "another" }), ["subject"]],
    ["sans", () => wrong.sans(genuine.certPem, genuineCa, { ip: ["192.0.2.1"] }), ["sans"]],
    ["right", () => rightTwin(genuine.certPem, genuineCa), []],
  ])("%s", async (_way, make, differs) => {
    const [own, other] = [facts(genuine.certPem), facts((await make()).certPem)];
    const different = Object.keys(own).filter(
      (key) =>
        JSON.stringify(own[key as keyof typeof own]) !== JSON.stringify(other[key as keyof typeof other]),
    );
    expect(different).toEqual(differs);
  });

  test("whatever the names", async () => {
    const name = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .filter((text) => text.trim() === text);
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const address = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(":"));
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.uniqueArray(name, { maxLength: 3 }),
        fc.array(address),
        async (cn, organizations, ip) => {
          const leaf = await sibling.issue({ cn, organizations, usages: ["client", "server"], sans: { ip } });
          const twin = await wrong.expired(leaf.certPem, sibling);
          expect(describeCertificate(twin.certPem).subject).toEqual({ cn, organizations });
          expect(describeCertificate(twin.certPem).sans).toEqual(describeCertificate(leaf.certPem).sans);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a TLS server that demands certificates of the genuine authority", () => {
  let server: Server;

  beforeAll(async () => {
    const own = await genuineCa.issue({ cn: "server", usages: ["server"], sans: { ip: ["127.0.0.1"] } });
    const options = { cert: own.certPem, key: own.keyPem, ca: genuineCa.certPem, requestCert: true };
    server = createServer({ ...options, rejectUnauthorized: true }, (socket) => socket.end("welcome"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  const visit = async ({ certPem, keyPem }: Leaf) => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: "127.0.0.1", port, cert: certPem, key: keyPem, ca: genuineCa.certPem });
    try {
      // Node's server hangs up without an alert: the end of the stream is its refusal.
      const end = once(socket, "close").then(() => [Buffer.from("closed")]);
      const [data] = (await Promise.race([once(socket, "data"), end])) as [Buffer];
      return data.toString();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    } finally {
      socket.destroy();
    }
  };

  test("takes the genuine certificate and its right twin", async () => {
    expect(await visit(genuine)).toBe("welcome");
    expect(await visit(await rightTwin(genuine.certPem, genuineCa))).toBe("welcome");
  });

  test.each([
    ["a lookalike authority", () => wrong.authority(genuine.certPem, genuineCa.certPem)],
    ["the sibling authority", () => wrong.sibling(genuine.certPem, sibling)],
    ["expired", () => wrong.expired(genuine.certPem, genuineCa)],
    ["not yet valid", () => wrong.notYetValid(genuine.certPem, genuineCa)],
    ["the wrong usage", () => wrong.usage(genuine.certPem, genuineCa)],
  ])("refuses %s", async (_way, make) => {
    expect(await visit(await make())).not.toBe("welcome");
  });
});

test("a key shows neither in JSON nor in inspection", () => {
  expect(JSON.stringify(genuine) + inspect(genuine, { depth: 9 })).not.toContain("PRIVATE KEY");
});
